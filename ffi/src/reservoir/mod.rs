//! Reservoirs: samples of a stream, in memory that TypeScript owns.
