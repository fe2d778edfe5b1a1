//! Arguments: words, flags, and flags with a value.

use std::{error, fmt, str::FromStr};

use pico_args::Arguments;

use crate::Result;

/// The arguments do not fit the command.
#[derive(Debug)]
pub struct Usage(pub String);

impl fmt::Display for Usage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl error::Error for Usage {}

/// The arguments of one command, taken one flag at a time.
pub struct Args(Arguments);

impl Args {
    pub fn new(args: &[String]) -> Self {
        Self(Arguments::from_vec(args.iter().map(Into::into).collect()))
    }

    /// Takes a flag out; whether it was there.
    pub fn flag(&mut self, name: &'static str) -> bool {
        self.0.contains(name)
    }

    /// Takes a flag and the value after it out.
    pub fn value<T: FromStr<Err: fmt::Display>>(&mut self, name: &'static str) -> Result<Option<T>> {
        Ok(self.0.opt_value_from_str(name).map_err(|error| Usage(format!("{name}: {error}")))?)
    }

    /// What is left: words, at most `most`.
    pub fn words(self, most: usize) -> Result<Vec<String>> {
        let words = self.0.finish().into_iter().map(|word| word.to_string_lossy().into_owned());
        let words: Vec<_> = words.collect();
        if let Some(flag) = words.iter().find(|word| word.starts_with('-')) {
            return Err(Usage(format!("no flag {flag:?}")).into());
        }
        match words.get(most) {
            Some(word) => Err(Usage(format!("{word:?} is one argument too many")).into()),
            None => Ok(words),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Args;

    #[test]
    fn what_is_not_known_is_refused() {
        let args = |text: &str| Args::new(&text.split(' ').map(str::to_owned).collect::<Vec<_>>());
        assert!(args("--jsn").words(9).is_err() && args("a b").words(1).is_err());
        assert!(args("--seconds").value::<u64>("--seconds").is_err());
        assert_eq!(args("a b").words(2).unwrap(), ["a", "b"]);
    }
}
