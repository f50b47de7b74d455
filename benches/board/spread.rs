//! Many measurements as a few numbers.

use std::time::{Duration, Instant};

/// Measurements of one thing.
#[derive(Debug, Default)]
pub struct Spread(Vec<Duration>);

impl Spread {
    /// Measures once more.
    pub fn time<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let begun = Instant::now();
        let made = work();
        self.0.push(begun.elapsed());
        made
    }

    /// Takes in what was measured elsewhere.
    pub fn push(&mut self, took: Duration) {
        self.0.push(took);
    }

    /// The value that so much of a hundred do not exceed.
    pub fn percentile(&self, percent: usize) -> Duration {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let last = sorted.len().saturating_sub(1);
        sorted
            .get(last * percent / 100)
            .copied()
            .unwrap_or_default()
    }

    /// How many times as long the median is.
    pub fn ratio(&self, other: &Self) -> f64 {
        self.percentile(50).as_secs_f64() / other.percentile(50).as_secs_f64()
    }
}

impl std::fmt::Display for Spread {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "median {:.2?}, p95 {:.2?}, of {}",
            self.percentile(50),
            self.percentile(95),
            self.0.len()
        )
    }
}
