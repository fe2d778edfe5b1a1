//! JWKs in serde's data model. They are read and written as JSON text, so that every rule of strict reading holds.

use alloc::string::String;
use core::fmt;

use jose_b64::json::{self, Kind, ObjectWriter, Value};
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde::ser::{Error as _, SerializeMap, Serializer};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::error::Error;
use crate::jwk::{Jwk, PublicJwk};
use crate::metadata::KeyAlg;
use crate::set::JwkSet;

/// The JSON text of a value, wiped when it is dropped.
#[derive(Default)]
struct Text(Zeroizing<String>);

impl json::Write for Text {
    fn write(&mut self, text: &str) -> Result<(), jose_b64::Error> {
        let needed = self.0.len().saturating_add(text.len());
        if needed > self.0.capacity() {
            // A buffer that grows by itself leaves copies behind.
            let mut larger = Zeroizing::new(String::with_capacity(needed.saturating_mul(2)));
            larger.push_str(&self.0);
            self.0 = larger;
        }
        self.0.push_str(text);
        Ok(())
    }
}

/// Writes the value that a deserializer has, members that are there twice included: the reader refuses them.
struct Writer<'t> {
    text: &'t mut Text,
    depth: usize,
}

impl Writer<'_> {
    fn put<E: serde::de::Error>(self, text: &str) -> Result<(), E> {
        json::Write::write(self.text, text).map_err(E::custom)
    }

    fn put_display<E: serde::de::Error>(self, value: impl fmt::Display) -> Result<(), E> {
        self.put(&alloc::format!("{value}"))
    }

    fn deeper<E: serde::de::Error>(&mut self) -> Result<Writer<'_>, E> {
        let depth = self.depth.checked_sub(1).ok_or_else(|| E::custom(jose_b64::Error::Depth))?;
        Ok(Writer { text: self.text, depth })
    }
}
