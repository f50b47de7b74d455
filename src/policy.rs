//! Whether a call may run: a pure judgement.
