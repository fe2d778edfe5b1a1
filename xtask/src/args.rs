//! Arguments: words, flags, and flags with a value.

use std::{error, fmt};

use crate::Result;

/// The arguments do not fit the command.
#[derive(Debug)]
pub(crate) struct Usage(pub(crate) String);

impl fmt::Display for Usage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl error::Error for Usage {}

/// The arguments of one command, taken one flag at a time.
pub(crate) struct Args(Vec<String>);

impl Args {
    pub(crate) fn new(args: &[String]) -> Self {
        Self(args.to_vec())
    }

    /// Takes a flag out; whether it was there.
    pub(crate) fn flag(&mut self, name: &str) -> bool {
        let before = self.0.len();
        self.0.retain(|arg| arg != name);
        self.0.len() < before
    }

    /// Takes a flag and the word after it out.
    pub(crate) fn text(&mut self, name: &str) -> Result<Option<String>> {
        let Some(at) = self.0.iter().position(|arg| arg == name) else { return Ok(None) };
        self.0.remove(at);
        if at < self.0.len() {
            Ok(Some(self.0.remove(at)))
        } else {
            Err(Usage(format!("{name} wants a value")).into())
        }
    }

    /// Takes a flag and the number after it out.
    pub(crate) fn number(&mut self, name: &str) -> Result<Option<u64>> {
        let Some(value) = self.text(name)? else { return Ok(None) };
        match value.parse() {
            Ok(number) => Ok(Some(number)),
            Err(_) => Err(Usage(format!("{name} wants a number, not {value:?}")).into()),
        }
    }

    /// What is left: words, at most `most`.
    pub(crate) fn words(self, most: usize) -> Result<Vec<String>> {
        if let Some(flag) = self.0.iter().find(|arg| arg.starts_with('-')) {
            return Err(Usage(format!("no flag {flag:?}")).into());
        }
        match self.0.get(most) {
            Some(word) => Err(Usage(format!("{word:?} is one argument too many")).into()),
            None => Ok(self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Args;

    fn args(text: &str) -> Args {
        Args(text.split_whitespace().map(str::to_owned).collect())
    }

    #[test]
    fn flags_stand_anywhere() {
        let mut args = args("a --json b --seconds 7");
        assert!(args.flag("--json") && !args.flag("--strict"));
        assert_eq!(args.number("--seconds").unwrap(), Some(7));
        assert_eq!(args.number("--seconds").unwrap(), None);
        assert_eq!(args.text("--json").unwrap(), None);
        assert_eq!(args.words(2).unwrap(), ["a", "b"]);
    }

    #[test]
    fn what_is_not_known_is_refused() {
        assert!(args("--jsn").words(9).is_err());
        assert!(args("a b").words(1).is_err());
        assert!(args("--seconds").number("--seconds").is_err());
        assert!(args("--out").text("--out").is_err());
        assert!(args("--seconds -1").number("--seconds").is_err());
    }
}
