//! A bar on the terminal while a large file is read.

use core::time::Duration;
use std::io::{IsTerminal as _, stderr};
use std::time::Instant;

use crate::files::eprint;

/// Below it nobody waits.
const LARGE: u64 = 8 << 20;

const WIDTH: u64 = 30;

/// How much of a file was read.
#[derive(Debug)]
pub(crate) struct Progress {
    /// The length of the file, where there is a bar.
    total: Option<u64>,
    done: u64,
    drawn: Option<Instant>,
}

impl Progress {
    /// Begins, for a large file and a person who looks at it.
    pub(crate) fn new(len: Option<u64>) -> Self {
        Self { total: len.filter(|len| *len >= LARGE && stderr().is_terminal()), done: 0, drawn: None }
    }

    /// Some more bytes were read.
    pub(crate) fn add(&mut self, len: usize) {
        self.done = self.done.saturating_add(u64::try_from(len).unwrap_or_default());
        if self.drawn.is_none_or(|drawn| drawn.elapsed() >= Duration::from_millis(100)) {
            self.draw();
        }
    }

    /// All was read.
    pub(crate) fn end(mut self) {
        if self.total.is_some() {
            self.draw();
            eprint("\n");
        }
    }

    fn draw(&mut self) {
        let Some(total) = self.total else { return };
        // The file may have grown.
        let done = self.done.min(total);
        let of =
            |parts: u64| u128::from(done).saturating_mul(u128::from(parts)).checked_div(u128::from(total));
        let filled = of(WIDTH).and_then(|filled| usize::try_from(filled).ok()).unwrap_or_default();
        let width = usize::try_from(WIDTH).unwrap_or_default();
        let (bar, percent) = ("#".repeat(filled), of(100).unwrap_or_default());
        eprint(&format!("\r[{bar:.<width$}] {percent:3} % of {} MiB", total >> 20));
        self.drawn = Some(Instant::now());
    }
}
