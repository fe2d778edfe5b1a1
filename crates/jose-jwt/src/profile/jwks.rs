//! Public keys among claims, read by the strict rules of `jose-jwk`.

use alloc::string::{String, ToString};

use jose_jwk::{JwkSet, PublicJwk};
use serde::de::Error as _;
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

fn write<S: Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
    serde_json::from_str::<Value>(text).map_err(S::Error::custom)?.serialize(serializer)
}

fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(Value::deserialize(deserializer)?.to_string())
}

pub(super) fn serialize<S: Serializer>(set: &JwkSet, serializer: S) -> Result<S::Ok, S::Error> {
    write(&set.to_public_json(), serializer)
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<JwkSet, D::Error> {
    JwkSet::from_public_json(text(deserializer)?).map_err(D::Error::custom)
}

/// One key, or none.
pub(super) mod option {
    use super::{Deserializer, PublicJwk, Serializer, text, write};
    use serde::de::Error as _;

    pub(crate) fn serialize<S: Serializer>(
        key: &Option<PublicJwk>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match key {
            Some(key) => write(&key.to_json(), serializer),
            None => serializer.serialize_none(),
        }
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<PublicJwk>, D::Error> {
        PublicJwk::from_json(text(deserializer)?).map(Some).map_err(D::Error::custom)
    }
}

/// Several keys.
pub(super) mod list {
    use alloc::string::ToString as _;
    use alloc::vec::Vec;

    use super::{Deserialize, Deserializer, PublicJwk, Serializer, Value};
    use serde::de::Error as _;
    use serde::ser::Error as _;

    pub(crate) fn serialize<S: Serializer>(keys: &[PublicJwk], serializer: S) -> Result<S::Ok, S::Error> {
        let keys = keys.iter().map(|key| serde_json::from_str::<Value>(&key.to_json()));
        serializer.collect_seq(keys.collect::<Result<Vec<_>, _>>().map_err(S::Error::custom)?)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<PublicJwk>, D::Error> {
        let keys = Vec::<Value>::deserialize(deserializer)?;
        keys.iter().map(|key| PublicJwk::from_json(key.to_string()).map_err(D::Error::custom)).collect()
    }
}
