//! What a process takes, from `/proc`. Elsewhere than on Linux nothing is known.

use std::fs;
use std::time::Duration;

/// What a process holds, in bytes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Memory {
    /// Resident, pages of the program file included.
    pub resident: u64,
    /// Resident, each shared page divided by those who share it. Like the next, known
    /// to root alone: a board hides its memory from its own user.
    pub proportional: u64,
    /// Resident and of no file: heap and stacks.
    pub anonymous: u64,
    /// The most that was ever resident.
    pub peak: u64,
    /// Threads now.
    pub threads: u64,
}

impl std::fmt::Display for Memory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "RSS {}, PSS {}, anonymous {}, peak {}, {} threads",
            super::mebibytes(self.resident),
            super::mebibytes(self.proportional),
            super::mebibytes(self.anonymous),
            super::mebibytes(self.peak),
            self.threads
        )
    }
}

/// What the process holds now.
pub fn memory(pid: i32) -> Memory {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let rollup = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).unwrap_or_default();
    Memory {
        resident: field(&status, "VmRSS:") << 10,
        proportional: field(&rollup, "Pss:") << 10,
        anonymous: field(&rollup, "Anonymous:") << 10,
        peak: field(&status, "VmHWM:") << 10,
        threads: field(&status, "Threads:"),
    }
}

/// What all threads of a process have used so far.
#[derive(Clone, Copy, Debug, Default)]
pub struct Used {
    /// Processor time.
    pub time: Duration,
    /// How often one of them was put on a processor.
    pub turns: u64,
}

impl Used {
    /// What came on top.
    pub fn since(self, before: Self) -> Self {
        Self {
            time: self.time.saturating_sub(before.time),
            turns: self.turns.saturating_sub(before.turns),
        }
    }
}

impl std::fmt::Display for Used {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} in {} turns", self.time, self.turns)
    }
}

/// What the threads of a process that live now have used so far.
pub fn used(pid: i32) -> Used {
    let mut used = Used::default();
    let Ok(tasks) = fs::read_dir(format!("/proc/{pid}/task")) else {
        return used;
    };
    for task in tasks.flatten() {
        // Nanoseconds on a processor, nanoseconds waiting for one, turns.
        let text = fs::read_to_string(task.path().join("schedstat")).unwrap_or_default();
        let numbers: Vec<u64> = text
            .split_whitespace()
            .filter_map(|word| word.parse().ok())
            .collect();
        if let [nanoseconds, _, turns] = numbers[..] {
            used.time += Duration::from_nanos(nanoseconds);
            used.turns += turns;
        }
    }
    used
}

fn field(text: &str, name: &str) -> u64 {
    text.lines()
        .find_map(|line| line.strip_prefix(name))
        .and_then(|rest| rest.split_whitespace().next())
        .and_then(|number| number.parse().ok())
        .unwrap_or(0)
}
