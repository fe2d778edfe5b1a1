use alloc::borrow::ToOwned;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use jose_b64::json::{self, Kind, Object, ObjectWriter};
use jose_jwa::{AlgSet, Curve, Hash, KeyOp, KeyType, KeyUse, looks_like_key};
use zeroize::Zeroizing;

use crate::error::{Error, MemberError};
use crate::key;
use crate::metadata::{KeyAlg, MEMBERS, Metadata};
use crate::noted::{Noted, Notes};
use crate::params::{AkpAlg, Params, is_private};
use crate::parser::JwkParser;
use crate::text::Text;
use crate::thumbprint::Thumbprint;

/// A JSON Web Key (RFC 7517 section 4), public, private or symmetric.
///
/// Its material is well-formed: lengths are those of the curve, the point lies on it, and the private part belongs to the
/// public one, as far as this build can compute with the key. Whether the key is strong enough and meant for an
/// algorithm is checked when it is prepared for one.
///
/// `Debug` shows what the key says about itself and no secret. There is no `Serialize`: [`PublicJwk`](crate::PublicJwk) has it.
#[derive(Clone, PartialEq, Eq)]
#[must_use]
pub struct Jwk {
    pub(crate) params: Params,
    pub(crate) metadata: Metadata,
    /// Members that are not understood, with the JSON text of their values.
    pub(crate) extra: Vec<(String, String)>,
    pub(crate) notes: Notes,
}

impl Jwk {
    /// Reads a JWK from its JSON text.
    ///
    /// ```
    /// use jose_jwk::{Curve, Hash, Jwk};
    ///
    /// fn main() -> Result<(), jose_jwk::Error> {
    ///     let key = Jwk::from_json(
    ///         r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#,
    ///     )?;
    ///     assert_eq!(key.curve(), Some(Curve::Ed25519));
    ///     let thumbprint = key.thumbprint(Hash::Sha256)?.to_string();
    ///     assert_eq!(thumbprint, "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Json`] if the text is not strict JSON; [`Error::IsSet`] if it is a JWK Set; otherwise the rule of RFC 7517,
    /// RFC 7518 section 6, RFC 8037 section 2 or RFC 9964 section 3 that the key breaks.
    pub fn from_json(text: impl AsRef<[u8]>) -> Result<Self, Error> {
        Self::from_object(json::parse_object(text.as_ref())?)
    }

    /// Like [`Jwk::from_json`], but for an object inside another text.
    ///
    /// # Errors
    ///
    /// As [`Jwk::from_json`].
    pub fn from_object(object: Object<'_>) -> Result<Self, Error> {
        Self::read(object, &JwkParser::default())
    }

    pub(crate) fn read(object: Object<'_>, parser: &JwkParser) -> Result<Self, Error> {
        let kty = object.get("kty").ok_or_else(|| match object.get("keys") {
            Some(_) => Error::IsSet,
            None => Error::missing("kty"),
        })?;
        let kty = KeyType::from_json_str(kty.as_str().ok_or(Error::invalid("kty"))?);
        let kty = kty.ok_or(Error::KeyTypeUnknown)?;
        if parser.public_only && kty == KeyType::Oct {
            return Err(Error::PrivateMembers);
        }
        let (mut params, mut metadata) = (Params::new(kty, None), Metadata::default());
        let (mut extra, mut notes) = (Vec::new(), Notes::default());
        for (name, value) in object.iter() {
            if parser.public_only && is_private(&name) {
                continue;
            }
            let material = kty.members().iter().find(|member| name == *member.name);
            let said = MEMBERS.into_iter().find(|member| name == *member);
            match (material, said) {
                (Some(member), _) => params.read(member, value, parser, &mut notes)?,
                (None, Some(member)) if value.kind() == Kind::Null => notes.push(member, MemberError::Null),
                (None, Some(member)) => metadata.read(member, value, parser, &mut notes)?,
                (None, None) => extra.push((name.to_cow().into_owned(), value.raw().to_owned())),
            }
        }
        metadata.alg = params.alg.map(KeyAlg::from).or(metadata.alg);
        params.check_required()?;
        if params.secret("k").is_some_and(looks_like_key) {
            return Err(Error::LooksLikeKey);
        }
        if parser.empty_key_ops && !params.is_private() {
            metadata.ignore_empty_key_ops(&mut notes);
        }
        metadata.check()?;
        key::check(&params)?;
        Ok(Self { params, metadata, extra, notes })
    }

    pub(crate) fn from_params(params: Params) -> Self {
        let alg = params.alg.map(KeyAlg::from);
        let metadata = Metadata { alg, ..Metadata::default() };
        Self { params, metadata, extra: Vec::new(), notes: Notes::default() }
    }

    /// `kty`.
    pub fn key_type(&self) -> KeyType {
        self.params.kty
    }

    /// `crv`, of `EC` and `OKP` keys.
    pub fn curve(&self) -> Option<Curve> {
        self.params.crv
    }

    /// `kid`.
    pub fn kid(&self) -> Option<&str> {
        self.metadata.kid.as_deref()
    }

    /// `alg`.
    pub fn alg(&self) -> Option<&KeyAlg> {
        self.metadata.alg.as_ref()
    }

    /// `use`, if it is a registered value.
    pub fn key_use(&self) -> Option<KeyUse> {
        self.metadata.key_use()
    }

    /// The text of `use`, registered or not.
    pub fn key_use_text(&self) -> Option<&str> {
        self.metadata.key_use.as_deref()
    }

    /// The texts of `key_ops`, registered or not.
    pub fn key_ops_text(&self) -> Option<&[String]> {
        self.metadata.key_ops.as_deref()
    }

    /// The members that were set aside when the key was read.
    pub fn noted(&self) -> &[Noted] {
        self.notes.as_slice()
    }

    /// The registered values of `key_ops`.
    pub fn key_ops(&self) -> Option<AlgSet<KeyOp>> {
        self.metadata.key_ops()
    }

    /// `x5u`. It is never fetched.
    pub fn x5u(&self) -> Option<&str> {
        self.metadata.x5u.as_deref()
    }

    /// `x5c`: each certificate in standard base64, as the key has it.
    pub fn x5c(&self) -> Option<&[String]> {
        self.metadata.x5c.as_deref()
    }

    /// `x5t`, 20 bytes.
    pub fn x5t(&self) -> Option<&[u8]> {
        self.metadata.x5t.as_deref()
    }

    /// `x5t#S256`, 32 bytes.
    pub fn x5t_s256(&self) -> Option<&[u8]> {
        self.metadata.x5t_s256.as_deref()
    }

    /// The bytes of a public member of the key material: `x`, `y`, `n`, `e`, `pub`.
    pub fn public_member(&self, name: &'static str) -> Option<&[u8]> {
        self.params.public(name).ok()
    }

    /// The bytes of a secret member of the key material: `k`, `d`, `p`, `q`, `dp`, `dq`, `qi`, `priv`.
    pub fn expose_secret_member(&self, name: &str) -> Option<&[u8]> {
        self.params.secret(name)
    }

    /// The JSON text of a member that this library does not understand.
    pub fn extra(&self, name: &str) -> Option<&str> {
        self.extra.iter().find(|(member, _)| member == name).map(|(_, value)| value.as_str())
    }

    /// Whether the key is private or symmetric.
    pub fn is_private(&self) -> bool {
        self.params.is_private()
    }

    /// Sets `kid`.
    pub fn with_kid(mut self, kid: impl Into<String>) -> Self {
        self.metadata.kid = Some(kid.into());
        self
    }

    /// Sets `kid` to the thumbprint if there is none yet.
    ///
    /// # Errors
    ///
    /// As [`Jwk::thumbprint`].
    pub fn with_thumbprint_kid(self, hash: Hash) -> Result<Self, Error> {
        if self.metadata.kid.is_some() {
            return Ok(self);
        }
        let kid = self.thumbprint(hash)?.to_string();
        Ok(self.with_kid(kid))
    }

    /// Sets `alg`. Whether the key can serve the algorithm is checked when the key is prepared for it.
    ///
    /// # Errors
    ///
    /// [`Usage::WrongKey`](crate::Usage::WrongKey) if the key is of type `AKP` and has another `alg`, which is a part of such a key (RFC 9964
    /// section 3).
    pub fn with_alg(mut self, alg: impl Into<KeyAlg>) -> Result<Self, Error> {
        let alg = alg.into();
        match self.params.alg {
            Some(own) if alg != KeyAlg::from(own) => Err(self.params.wrong_key("another alg than its own")),
            _ => {
                self.metadata.alg = Some(alg);
                Ok(self)
            }
        }
    }

    /// Sets `use`.
    ///
    /// # Errors
    ///
    /// [`Error::UseAgainstKeyOps`] if the key has `key_ops` that contradict it.
    pub fn with_use(mut self, key_use: KeyUse) -> Result<Self, Error> {
        self.metadata.key_use = Some(key_use.as_str().to_owned());
        self.metadata.check()?;
        Ok(self)
    }

    /// Sets `key_ops`.
    ///
    /// # Errors
    ///
    /// [`Error::UseAgainstKeyOps`] if the key has a `use` that contradicts them.
    pub fn with_key_ops(mut self, ops: AlgSet<KeyOp>) -> Result<Self, Error> {
        self.metadata.key_ops = Some(ops.iter().map(|op| op.to_string()).collect());
        self.metadata.check()?;
        Ok(self)
    }

    /// The JSON text of the whole key, private members included. It is wiped when it is dropped.
    pub fn expose_private_json(&self) -> Zeroizing<String> {
        let mut text = Text::default();
        self.write(&mut text);
        text.0
    }

    /// Whether no member has the name of a private one of any key type.
    pub(crate) fn is_public(&self) -> bool {
        !self.is_private() && !self.extra.iter().any(|(name, _)| is_private(name))
    }

    /// Appends the JSON text.
    pub(crate) fn write(&self, text: &mut Text) {
        let mut write = || {
            let mut writer = ObjectWriter::new(text)?;
            self.params.write(&mut writer)?;
            self.metadata.write(&mut writer)?;
            for (name, value) in &self.extra {
                writer.raw(name, value)?;
            }
            Ok::<_, Error>(writer.finish()?)
        };
        let result = write();
        debug_assert!(result.is_ok(), "the text grows, and each value was checked when it was read");
    }

    /// The thumbprint (RFC 7638), usually with SHA-256. SHA-1 is for bindings of old: it names no key to a stranger.
    ///
    /// # Errors
    ///
    /// [`Error::Unsupported`] for a hash function that this version does not know.
    pub fn thumbprint(&self, hash: Hash) -> Result<Thumbprint, Error> {
        Thumbprint::of(&self.params, hash)
    }
}

impl fmt::Debug for Jwk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Jwk");
        let metadata = &self.metadata;
        for (name, value) in [
            ("kty", Some(self.params.kty.as_str())),
            ("crv", self.params.crv.map(Curve::as_str)),
            ("alg", metadata.alg.as_ref().map(KeyAlg::as_str)),
            ("use", metadata.key_use.as_deref()),
        ] {
            if let Some(value) = value {
                debug.field(name, &format_args!("{value}"));
            }
        }
        if let Some(kid) = &metadata.kid {
            debug.field("kid", kid);
        }
        debug.field("private", &self.is_private()).finish_non_exhaustive()
    }
}

impl JwkParser {
    /// Reads a JWK from its JSON text.
    ///
    /// # Errors
    ///
    /// As [`Jwk::from_json`].
    pub fn jwk(self, text: impl AsRef<[u8]>) -> Result<Jwk, Error> {
        Jwk::read(json::parse_object(text.as_ref())?, &self)
    }
}

impl AsRef<Jwk> for Jwk {
    fn as_ref(&self) -> &Jwk {
        self
    }
}

impl From<AkpAlg> for KeyAlg {
    fn from(alg: AkpAlg) -> Self {
        match alg {
            AkpAlg::Jws(alg) => Self::Jws(alg),
            AkpAlg::Jwe(alg) => Self::Jwe(alg),
        }
    }
}
