//! Identifiers in serde's data model: their names.

use core::fmt;

use serde::Deserializer;
use serde::de::{Error, Visitor};

/// Deserializes a registered name.
pub(crate) fn deserialize<'de, A, D: Deserializer<'de>>(
    deserializer: D,
    from_name: fn(&str) -> Option<A>,
    expecting: &'static str,
) -> Result<A, D::Error> {
    struct Name<A> {
        from_name: fn(&str) -> Option<A>,
        expecting: &'static str,
    }

    impl<A> Visitor<'_> for Name<A> {
        type Value = A;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.expecting)
        }

        fn visit_str<E: Error>(self, name: &str) -> Result<A, E> {
            (self.from_name)(name).ok_or_else(|| E::invalid_value(serde::de::Unexpected::Str(name), &self))
        }
    }

    deserializer.deserialize_str(Name { from_name, expecting })
}
