//! JSON text that may hold secrets.

use alloc::string::String;

use jose_b64::json::Write;
use zeroize::Zeroizing;

/// JSON text that is wiped when it is dropped, and whenever it is moved to a larger buffer.
#[derive(Default)]
pub(crate) struct Text(pub(crate) Zeroizing<String>);

impl Text {
    pub(crate) fn push(&mut self, text: &str) {
        let needed = self.0.len().saturating_add(text.len());
        if needed > self.0.capacity() {
            // A `String` that grows by itself leaves copies behind.
            let mut larger = Zeroizing::new(String::with_capacity(needed.saturating_mul(2)));
            larger.push_str(&self.0);
            self.0 = larger;
        }
        self.0.push_str(text);
    }
}

impl Write for Text {
    fn write(&mut self, text: &str) -> Result<(), jose_b64::Error> {
        self.push(text);
        Ok(())
    }
}
