//! JWKs in serde's data model. They pass through JSON text, so that every rule of strict reading holds.

use alloc::string::String;
use core::fmt;

use jose_b64::json::{self, Value};
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Error as _, Serialize, Serializer};
use serde::{Deserialize, de};
use zeroize::Zeroizing;

use crate::error::Error;
use crate::jwk::Jwk;
use crate::metadata::KeyAlg;
use crate::public::PublicJwk;
use crate::set::JwkSet;
use crate::text::Text;

/// Writes what a deserializer has, two members of one name included: the reader of the text refuses them.
struct Writer<'t> {
    text: &'t mut Text,
    /// How deep the value may be nested.
    depth: usize,
}

impl Writer<'_> {
    fn deeper<E: de::Error>(&mut self) -> Result<Writer<'_>, E> {
        let depth = self.depth.checked_sub(1).ok_or_else(|| E::custom(jose_b64::Error::Depth))?;
        Ok(Writer { text: self.text, depth })
    }
}

impl<'de> DeserializeSeed<'de> for Writer<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Writer<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<(), E> {
        self.text.push(if value { "true" } else { "false" });
        Ok(())
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<(), E> {
        self.text.push(&alloc::format!("{value}"));
        Ok(())
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<(), E> {
        self.text.push(&alloc::format!("{value}"));
        Ok(())
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<(), E> {
        // What is not a number in JSON is refused with the text.
        self.text.push(&alloc::format!("{value:?}"));
        Ok(())
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<(), E> {
        json::write_str(self.text, value).map_err(E::custom)
    }

    fn visit_string<E: de::Error>(self, value: String) -> Result<(), E> {
        self.visit_str(&Zeroizing::new(value))
    }

    fn visit_unit<E: de::Error>(self) -> Result<(), E> {
        self.text.push("null");
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<(), A::Error> {
        self.text.push("[");
        let start = self.text.0.len();
        loop {
            let end = self.text.0.len();
            self.text.push(if end == start { "" } else { "," });
            if list.next_element_seed(self.deeper()?)?.is_none() {
                self.text.0.truncate(end);
                self.text.push("]");
                return Ok(());
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut members: A) -> Result<(), A::Error> {
        self.text.push("{");
        let mut separator = "";
        while let Some(name) = members.next_key::<String>()? {
            self.text.push(separator);
            json::write_str(self.text, &name).map_err(de::Error::custom)?;
            self.text.push(":");
            members.next_value_seed(self.deeper()?)?;
            separator = ",";
        }
        self.text.push("}");
        Ok(())
    }
}

fn read<'de, K, D: Deserializer<'de>>(
    deserializer: D,
    from_json: fn(&str) -> Result<K, Error>,
) -> Result<K, D::Error> {
    let mut text = Text::default();
    deserializer.deserialize_map(Writer { text: &mut text, depth: json::DEPTH })?;
    from_json(&text.0).map_err(de::Error::custom)
}

/// Reads by the rules of [`Jwk::from_json`]. There is no `Serialize`: it would hand out private keys unnoticed.
impl<'de> Deserialize<'de> for Jwk {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read(deserializer, |text| Self::from_json(text))
    }
}

/// Reads by the rules of [`PublicJwk::from_json`].
impl<'de> Deserialize<'de> for PublicJwk {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read(deserializer, |text| Self::from_json(text))
    }
}

/// Reads by the rules of [`JwkSet::from_json`].
impl<'de> Deserialize<'de> for JwkSet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read(deserializer, |text| Self::from_json(text))
    }
}

impl<'de> Deserialize<'de> for KeyAlg {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|name| Self::from_name(&name))
    }
}

/// A value of a checked JSON text.
struct Checked<'v>(Value<'v>);

impl Serialize for Checked<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let value = self.0;
        if let Some(text) = value.as_str() {
            return serializer.serialize_str(&text.to_cow());
        }
        if let Some(object) = value.as_object() {
            return serializer
                .collect_map(object.iter().map(|(name, value)| (name.to_cow(), Checked(value))));
        }
        if let Some(list) = value.as_array() {
            return serializer.collect_seq(list.iter().map(Checked));
        }
        match (value.as_number(), value.as_bool()) {
            (Some(number), _) => {
                match (number.parse::<u64>(), number.parse::<i64>(), number.parse::<f64>()) {
                    (Ok(number), ..) => serializer.serialize_u64(number),
                    (_, Ok(number), _) => serializer.serialize_i64(number),
                    (.., Ok(number)) if number.is_finite() => serializer.serialize_f64(number),
                    _ => Err(S::Error::custom("the number is too large")),
                }
            }
            (None, Some(value)) => serializer.serialize_bool(value),
            (None, None) => serializer.serialize_unit(),
        }
    }
}

impl Serialize for PublicJwk {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Checked(Value::assume_checked(&self.to_json())).serialize(serializer)
    }
}

/// Writes a set of public keys. A set with a private or symmetric key is an error: [`JwkSet::to_public`] leaves them out.
impl Serialize for JwkSet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if !self.iter().all(Jwk::is_public) {
            return Err(S::Error::custom(Error::PrivateMembers));
        }
        Checked(Value::assume_checked(&self.to_public_json())).serialize(serializer)
    }
}

impl Serialize for KeyAlg {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
