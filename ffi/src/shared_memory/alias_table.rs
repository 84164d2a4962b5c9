//! Drawing servers by weight in constant time: Walker's alias method, built
//! as M. D. Vose, "A linear algorithm for generating random numbers with a
//! given distribution", IEEE Trans. Software Engineering 17(9), 1991.

use super::layout::MAX_SERVERS;

/// A row of the table. A reader draws row i evenly among all rows and u
/// evenly from [0, 1), and takes server i if u < odds, else server `alias`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Row {
    /// The probability that the row's own server is kept.
    pub odds: f32,
    /// The server that is taken otherwise, an index of the same rows.
    pub alias: u32,
}

/// The rows for given weights, of which there are 1 to [`MAX_SERVERS`]; row i
/// is server i. None if a weight is negative or not finite, or all are zero.
///
/// A server of weight zero has odds zero and is nobody's alias.
pub fn alias_table(weights: &[f32]) -> Option<[Row; MAX_SERVERS]> {
    let count = weights.len();
    if count == 0 || count > MAX_SERVERS {
        return None;
    }
    if !weights.iter().all(|weight| weight.is_finite() && *weight >= 0.0) {
        return None;
    }
    let sum: f64 = weights.iter().map(|weight| f64::from(*weight)).sum();
    if sum == 0.0 {
        return None;
    }
    let mut rows = [Row::default(); MAX_SERVERS];
    let mut shares = [0.0; MAX_SERVERS];
    let mut small = Stack::EMPTY;
    let mut large = Stack::EMPTY;
    let mut heaviest = 0;
    for (server, weight) in weights.iter().enumerate() {
        shares[server] = f64::from(*weight) / sum * count as f64;
        if *weight > weights[heaviest] {
            heaviest = server;
        }
        if shares[server] < 1.0 { small.push(server) } else { large.push(server) }
    }
    while let Some(giver) = large.pop() {
        let Some(taker) = small.pop() else {
            large.push(giver);
            break;
        };
        rows[taker] = Row { odds: shares[taker].max(0.0) as f32, alias: giver as u32 };
        shares[giver] -= 1.0 - shares[taker];
        if shares[giver] < 1.0 { small.push(giver) } else { large.push(giver) }
    }
    // What is left has a share of one, but for rounding, which must not give
    // anything to a server of weight zero.
    while let Some(server) = large.pop().or_else(|| small.pop()) {
        rows[server] = if weights[server] > 0.0 {
            Row { odds: 1.0, alias: server as u32 }
        } else {
            Row { odds: 0.0, alias: heaviest as u32 }
        };
    }
    Some(rows)
}

struct Stack {
    servers: [u8; MAX_SERVERS],
    length: usize,
}

impl Stack {
    const EMPTY: Stack = Stack { servers: [0; MAX_SERVERS], length: 0 };

    fn push(&mut self, server: usize) {
        self.servers[self.length] = server as u8;
        self.length += 1;
    }

    fn pop(&mut self) -> Option<usize> {
        self.length = self.length.checked_sub(1)?;
        Some(usize::from(self.servers[self.length]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The probabilities that a table draws servers with.
    fn probabilities(rows: &[Row]) -> Vec<f64> {
        let mut found = vec![0.0; rows.len()];
        for (server, row) in rows.iter().enumerate() {
            found[server] += f64::from(row.odds) / rows.len() as f64;
            found[row.alias as usize] += (1.0 - f64::from(row.odds)) / rows.len() as f64;
        }
        found
    }

    fn check(weights: &[f32]) {
        let rows = &alias_table(weights).unwrap()[..weights.len()];
        assert!(rows.iter().all(|row| (row.alias as usize) < weights.len()));
        assert!(rows.iter().all(|row| (0.0..=1.0).contains(&row.odds)), "{rows:?}");
        let sum: f64 = weights.iter().map(|weight| f64::from(*weight)).sum();
        for (server, found) in probabilities(rows).into_iter().enumerate() {
            let expected = f64::from(weights[server]) / sum;
            // Odds are rounded to 24 bits.
            assert!((found - expected).abs() < 1e-7, "{weights:?}: {found} for server {server}");
            assert!(weights[server] > 0.0 || found == 0.0, "{weights:?}: server {server} drawn");
        }
    }

    #[test]
    fn alias_table_draws_by_weight() {
        check(&[1.0]);
        check(&[0.0, 3.0]);
        check(&[1.0; 64]);
        check(&[0.0, 1.0, 2.0, 3.0, 4.0, 0.0, 5.0]);
        check(&[f32::MAX; 64]);
        check(&[f32::MIN_POSITIVE / 4.0, 0.0, f32::MIN_POSITIVE]);
        check(&[1e-38, 1e38, 0.0, 1.0]);
        let mut state = 1u32;
        for count in 1..=64 {
            let mut next = || {
                state = state.wrapping_mul(1664525).wrapping_add(1013904223);
                if state >> 30 == 0 { 0.0 } else { (state >> 8) as f32 }
            };
            let mut weights: Vec<f32> = (0..count).map(|_| next()).collect();
            weights[count / 2] = 0.1;
            check(&weights);
        }
    }

    #[test]
    fn alias_table_refuses_what_cannot_be_drawn() {
        let refused: [&[f32]; 7] = [
            &[],
            &[0.0, 0.0],
            &[1.0, -1.0],
            &[1.0, f32::NAN],
            &[f32::INFINITY],
            &[1.0; 65],
            &[-f32::MIN_POSITIVE, 1.0],
        ];
        for weights in refused {
            assert_eq!(alias_table(weights), None, "{weights:?}");
        }
    }
}
