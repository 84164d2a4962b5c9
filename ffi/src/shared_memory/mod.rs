//! Memory shared with another process.
