//! What was seen beside what is allowed.

use std::time::Duration;

use super::mebibytes;
use super::spread::Spread;

/// What may not be exceeded.
#[derive(Clone, Copy, Debug)]
pub enum Limit {
    Time(Duration),
    Bytes(usize),
    Memory(u64),
}

impl Limit {
    pub fn milliseconds(count: u64) -> Self {
        Self::Time(Duration::from_millis(count))
    }

    pub fn mebibytes(count: u64) -> Self {
        Self::Memory(count << 20)
    }
}

impl std::fmt::Display for Limit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Time(time) => write!(f, "{time:?}"),
            Self::Bytes(bytes) => write!(f, "{bytes} bytes"),
            Self::Memory(bytes) => f.write_str(&mebibytes(*bytes)),
        }
    }
}

/// The rows so far.
#[derive(Default)]
pub struct Table {
    rows: usize,
    over: Vec<String>,
}

impl Table {
    /// Times: their median is what counts, because the machine does other things too.
    pub fn times(&mut self, what: &str, limit: Duration, seen: &Spread) {
        let over = seen.percentile(50) > limit;
        self.row(what, Limit::Time(limit), over, &seen.to_string());
    }

    /// Bytes: the most that was seen counts.
    pub fn bytes(&mut self, what: &str, limit: usize, seen: &[usize]) {
        let (least, most) = (
            seen.iter().min().copied().unwrap_or(0),
            seen.iter().max().copied().unwrap_or(0),
        );
        let text = if least == most {
            format!("{most} bytes")
        } else {
            format!("{least} to {most} bytes, of {}", seen.len())
        };
        // What was not seen at all is no good number.
        let over = most > limit || seen.is_empty();
        self.row(what, Limit::Bytes(limit), over, &text);
    }

    /// A size in memory or on disk.
    pub fn size(&mut self, what: &str, limit: u64, seen: u64) {
        let over = seen > limit || seen == 0;
        self.row(what, Limit::Memory(limit), over, &mebibytes(seen));
    }

    /// One row with its verdict.
    pub fn row(&mut self, what: &str, limit: Limit, over: bool, seen: &str) {
        self.rows += 1;
        let verdict = if over { "OVER" } else { "ok" };
        println!("{what:<52} {:>10}  {verdict:<4}  {seen}", limit.to_string());
        if over {
            self.over.push(what.to_owned());
        }
    }

    /// What nobody set a limit for.
    pub fn note(what: &str, seen: &str) {
        println!("{what:<52} {:>10}  {:<4}  {seen}", "", "");
    }

    pub fn is_over(&self) -> bool {
        !self.over.is_empty()
    }

    pub fn end(&self) {
        println!(
            "\n{} of {} within their limits",
            self.rows - self.over.len(),
            self.rows
        );
        for what in &self.over {
            println!("over: {what}");
        }
    }
}
