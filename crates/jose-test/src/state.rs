//! What an issuer publishes, and what its tokens are made with.

use std::sync::Mutex;

use jose_jwt::JwsAlg;
use serde_json::{Map, Value, json};

use crate::fault::{self, Fault};
use crate::keys::Key;
use crate::provider::Provider;
use crate::server::{Answer, Server, lock};

/// What an issuer and its tokens share.
pub(crate) struct State {
    pub(crate) server: Server,
    /// Another server, which the header of a token may name and nobody may ask.
    pub(crate) elsewhere: Server,
    pub(crate) provider: Provider,
    pub(crate) issuer: String,
    pub(crate) alg: JwsAlg,
    pub(crate) cache_control: Option<String>,
    pub(crate) keys: Mutex<Keys>,
}

pub(crate) struct Keys {
    pub(crate) published: Vec<Key>,
    /// The one that signs.
    pub(crate) current: Key,
    /// How many there were.
    pub(crate) count: usize,
    pub(crate) fault: Option<Fault>,
}

impl State {
    /// The key that signs.
    pub(crate) fn current(&self) -> Key {
        lock(&self.keys).current.clone()
    }

    pub(crate) fn publish_metadata(&self) {
        let shape = self.provider.shape();
        let mut document = json!({
            "issuer": self.issuer,
            "jwks_uri": self.server.url(shape.jwks),
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": [self.alg.as_str()],
        });
        if let Some(members) = document.as_object_mut() {
            for (name, path) in [("authorization_endpoint", "authorize"), ("token_endpoint", "token")] {
                let base = self.issuer.trim_end_matches('/');
                members.insert(name.to_owned(), format!("{base}/{path}").into());
            }
        }
        let answer = Answer::json(&document.to_string());
        let below = shape.issuer.trim_end_matches('/');
        self.server.set(&format!("{below}/.well-known/openid-configuration"), answer.clone());
        if let Some(path) = shape.oauth {
            self.server.set(path, answer);
        }
    }

    /// Puts up what is asked for now.
    pub(crate) fn publish(&self) {
        let shape = self.provider.shape();
        let keys = lock(&self.keys);
        let body = self.jwks(&keys);
        let answer = match &keys.fault {
            Some(fault) => {
                let place =
                    fault::Place { path: shape.jwks, elsewhere: &self.elsewhere, alg: self.alg, body: &body };
                fault.answer(&place)
            }
            None => {
                let mut headers = vec![("content-type", shape.content_type)];
                headers.extend(self.cache_control.as_deref().map(|value| ("cache-control", value)));
                Answer::new("200 OK", &headers, &body)
            }
        };
        self.server.set(shape.jwks, answer);
    }

    pub(crate) fn jwks(&self, keys: &Keys) -> String {
        let mut entries: Vec<Value> =
            keys.published.iter().map(|key| self.entry(key, "sig", self.alg.as_str())).collect();
        if self.provider.shape().encrypts {
            entries.push(self.entry(&Key::of_encryption(), "enc", "RSA-OAEP"));
        }
        json!({ "keys": entries }).to_string()
    }

    /// A key as the provider writes it.
    fn entry(&self, key: &Key, key_use: &str, alg: &str) -> Value {
        let mut members: Map<String, Value> = match key.public() {
            Value::Object(members) => members,
            _ => Map::new(),
        };
        members.insert("use".to_owned(), key_use.into());
        if self.provider.shape().names_alg {
            members.insert("alg".to_owned(), alg.into());
        }
        Value::Object(members)
    }
}
