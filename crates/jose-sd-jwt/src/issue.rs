use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use jose_b64::json::{self, ObjectWriter};
use jose_jwt::Hash;
use jose_jwt::jws::alg::Algorithm;
use jose_jwt::jws::{AsyncKey, compact};
use jose_jwt::rand_core::TryCryptoRng;
use jose_jwt::signature::AsyncSigner;
use jose_jwt::{Claims, Header, JwsAlg, NumericDate, PublicJwk, Sign};
use serde::Serialize;

use crate::binding::token;
use crate::conceal::{Conceal, Plan};
use crate::disclosure::{Disclosure, SD_ALG, name_of};
use crate::error::Error;
use crate::serialize::Signed;
use crate::vc;

/// The claims that decide the validity of any SD-JWT (RFC 9901 section 9.7).
const NOT_DISCLOSABLE: [&str; 5] = ["iss", "aud", "exp", "nbf", "cnf"];

/// An SD-JWT to be issued: claims, and which of them the holder may hide.
///
/// ```
/// use jose_sd_jwt::SdJwt;
/// use jose_sd_jwt::jwt::{Claims, Curve, Jwk, SigningKey, SysRng};
/// use std::time::Duration;
///
/// #[derive(serde::Serialize)]
/// struct Person {
///     given_name: String,
///     nationalities: [String; 2],
/// }
///
/// fn main() -> Result<(), Box<dyn std::error::Error>> {
///     let key = SigningKey::try_from(&Jwk::generate(Curve::P256, &mut SysRng)?)?;
///     let person =
///         Person { given_name: "Erika".into(), nationalities: ["DE".into(), "FR".into()] };
///     let claims = Claims::new()
///         .issuer("https://issuer.example")
///         .expires_in(Duration::from_secs(600))
///         .with(person);
///     let issued = SdJwt::new(&claims)
///         .conceal(["/given_name", "/nationalities/0", "/nationalities/1"])
///         .decoys("/nationalities", 3)
///         .sign(&key, &mut SysRng)?;
///     assert_eq!(issued.compact().matches('~').count(), 4);
///     Ok(())
/// }
/// ```
#[derive(Clone)]
#[must_use = "it is not signed yet"]
pub struct SdJwt<'c, T> {
    claims: &'c Claims<T>,
    header: Header<'c>,
    /// `None` for the system's time.
    now: Option<NumericDate>,
    hash: Hash,
    hidden: Vec<String>,
    decoys: Vec<(String, usize)>,
    holder: Option<&'c PublicJwk>,
    credential: Option<&'c str>,
}

impl<'c, T: Serialize> SdJwt<'c, T> {
    /// An SD-JWT that is issued at the system's time.
    #[cfg(feature = "std")]
    pub fn new(claims: &'c Claims<T>) -> Self {
        Self::of(claims, None)
    }

    /// An SD-JWT that is issued at a given time.
    pub fn at(claims: &'c Claims<T>, now: NumericDate) -> Self {
        Self::of(claims, Some(now))
    }

    fn of(claims: &'c Claims<T>, now: Option<NumericDate>) -> Self {
        let (hidden, decoys) = (Vec::new(), Vec::new());
        let (header, hash) = (Header::new(), Hash::Sha256);
        Self { claims, header, now, hash, hidden, decoys, holder: None, credential: None }
    }

    /// Sets the header. `alg` and, if it has none, `kid` come from the key.
    pub fn header(self, header: Header<'c>) -> Self {
        Self { header, ..self }
    }

    /// Sets `typ` of the header, by which RFC 9901 section 9.11 recommends to tell one kind of SD-JWT from others:
    /// `example+sd-jwt`.
    pub fn typ(self, typ: &'c str) -> Self {
        Self { header: self.header.typ(typ), ..self }
    }

    /// Makes the claims and array elements that these JSON Pointers (RFC 6901) name selectively disclosable. Pointers are those
    /// of the claims as they are without this. Of a claim and another inside of it, both are: the inner one is seen only with
    /// the outer one.
    pub fn conceal<P: Into<String>>(mut self, pointers: impl IntoIterator<Item = P>) -> Self {
        self.hidden.extend(pointers.into_iter().map(Into::into));
        self
    }

    /// Adds decoys to the object or array that a JSON Pointer names, `""` for the claims set itself: digests of nothing, that
    /// hide how many claims there are (RFC 9901 section 4.2.5).
    pub fn decoys(mut self, pointer: impl Into<String>, count: usize) -> Self {
        self.decoys.push((pointer.into(), count));
        self
    }

    /// Binds the SD-JWT to the holder's key: `cnf` with `jwk`.
    pub fn holder_key(self, key: &'c PublicJwk) -> Self {
        Self { holder: Some(key), ..self }
    }

    /// Makes it a verifiable credential of this type: `typ` is `dc+sd-jwt`, and `vct` the type
    /// (draft-ietf-oauth-sd-jwt-vc section 2.2).
    pub fn credential_type(self, vct: &'c str) -> Self {
        Self { credential: Some(vct), ..self.typ(vc::TYP) }
    }

    /// Sets the hash function of the digests: SHA-256, which is the default, SHA-384 or SHA-512.
    pub fn hash(self, hash: Hash) -> Self {
        Self { hash, ..self }
    }

    /// Signs with a key that is at hand. The salts, of 128 bits, and the decoys are drawn from the generator.
    ///
    /// # Errors
    ///
    /// - [`Error::Pointer`] if a pointer names nothing, or the whole claims set
    /// - [`Error::NotDisclosable`] if a claim that decides validity, or a part of it, was to be hidden or to have decoys
    /// - [`Error::NameReserved`] if there is a claim named `_sd`, `_sd_alg` or `...`
    /// - [`Error::HashUnknown`] with another hash function; [`Error::Rng`]
    /// - [`Error::Jwt`] if a claim is set twice, the claims cannot be written, or the key fails
    pub fn sign<K, R>(&self, key: &K, rng: &mut R) -> Result<Issued, Error>
    where
        K: Sign + ?Sized,
        R: TryCryptoRng + ?Sized,
    {
        let (payload, disclosures) = self.payload(rng)?;
        Issued::new(&compact::sign(key, payload.as_bytes(), &self.signed_header()?)?, disclosures)
    }

    /// Like [`sign`](Self::sign), but with a key that answers later.
    ///
    /// # Errors
    ///
    /// Those of [`sign`](Self::sign).
    pub async fn sign_async<A, K, R>(&self, key: &AsyncKey<'_, A, K>, rng: &mut R) -> Result<Issued, Error>
    where
        A: Algorithm,
        K: AsyncSigner<A::Signature>,
        R: TryCryptoRng + ?Sized,
    {
        let ((payload, disclosures), header) = (self.payload(rng)?, self.signed_header()?);
        Issued::new(&compact::sign_async(key, payload.as_bytes(), &header).await?, disclosures)
    }

    /// The SD-JWT without its signature: the first of two steps for a key that signs elsewhere.
    ///
    /// # Errors
    ///
    /// Those of [`sign`](Self::sign), the key's own excepted.
    pub fn unsigned<R: TryCryptoRng + ?Sized>(&self, alg: JwsAlg, rng: &mut R) -> Result<Unsigned, Error> {
        let (payload, disclosures) = self.payload(rng)?;
        let jws = compact::Unsigned::new(alg, payload.as_bytes(), &self.signed_header()?)?;
        Ok(Unsigned { jws, disclosures })
    }

    /// The header, whose payload is always encoded (RFC 7797 section 7).
    fn signed_header(&self) -> Result<Header<'c>, Error> {
        match self.header.get("b64").and_then(|value| value.as_bool()) {
            Some(false) => Err(jose_jwt::jws::Error::Unencoded.into()),
            _ => Ok(self.header),
        }
    }

    /// The payload, and what it hides.
    fn payload<R: TryCryptoRng + ?Sized>(&self, rng: &mut R) -> Result<(String, Vec<Disclosure>), Error> {
        let (hash_name, mut plan) = (name_of(self.hash)?, Plan::default());
        for pointer in &self.hidden {
            plan.hide(pointer)?;
        }
        for (pointer, count) in &self.decoys {
            plan.add_decoys(pointer, *count)?;
        }
        let of_credentials = vc::NOT_DISCLOSABLE.into_iter().filter(|_| self.credential.is_some());
        let not_disclosable: Vec<_> = NOT_DISCLOSABLE.into_iter().chain(of_credentials).collect();
        if let Some(claim) = not_disclosable.into_iter().find(|name| plan.claims().any(|own| own == *name)) {
            return Err(Error::NotDisclosable { claim });
        }
        let claims = token(self.claims, self.now)?.to_json()?;
        let claims = json::parse_object(claims.as_bytes()).map_err(Error::Json)?;
        let added = self.added().map_err(Error::Json)?;
        let added = json::Object::assume_checked(&added);
        for (name, _) in added.iter() {
            if claims.iter().any(|(own, _)| own == name) {
                let claim = name.to_cow().into_owned().into();
                return Err(Error::Jwt(jose_jwt::Error::ClaimTwice { claim }));
            }
        }
        let mut conceal = Conceal { hash: self.hash, rng, disclosures: Vec::new() };
        let mut members = String::new();
        conceal.members(claims, Some(&plan), &mut members)?;
        let disclosures = conceal.disclosures;
        let write = || {
            let mut payload = String::new();
            let mut writer = ObjectWriter::new(&mut payload)?;
            let concealed = alloc::format!("{{{members}}}");
            writer.members(json::Object::assume_checked(&concealed))?.members(added)?;
            if plan.has_digests() {
                writer.string(SD_ALG, hash_name)?;
            }
            writer.finish()?;
            Ok(payload)
        };
        Ok((write().map_err(Error::Json)?, disclosures))
    }

    /// The claims that the setters add, as an object.
    fn added(&self) -> Result<String, jose_b64::Error> {
        let mut text = String::new();
        let mut writer = ObjectWriter::new(&mut text)?;
        if let Some(vct) = self.credential {
            writer.string("vct", vct)?;
        }
        if let Some(holder) = self.holder {
            let mut confirmation = writer.object("cnf")?;
            confirmation.raw("jwk", &holder.to_json())?;
            confirmation.finish()?;
        }
        writer.finish()?;
        Ok(text)
    }
}

impl<T> fmt::Debug for SdJwt<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SdJwt")
            .field("hidden", &self.hidden)
            .field("decoys", &self.decoys)
            .field("hash", &self.hash)
            .finish_non_exhaustive()
    }
}

/// An SD-JWT that lacks only its signature.
#[must_use = "it is not signed yet"]
pub struct Unsigned {
    jws: compact::Unsigned<Vec<u8>>,
    disclosures: Vec<Disclosure>,
}

impl Unsigned {
    /// The bytes to be signed: the JWS Signing Input.
    #[must_use]
    pub fn signing_input(&self) -> &[u8] {
        self.jws.signing_input()
    }

    /// Adds the signature in the form that JWS gives it: for ECDSA `R` and `S` side by side, not DER.
    ///
    /// # Errors
    ///
    /// [`Error::Jwt`] if the algorithm's signatures have another length.
    pub fn attach(self, signature: &[u8]) -> Result<Issued, Error> {
        Issued::new(&self.jws.attach(signature)?, self.disclosures)
    }
}

impl fmt::Debug for Unsigned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unsigned").field("disclosures", &self.disclosures.len()).finish_non_exhaustive()
    }
}

/// An SD-JWT as its issuer gives it to the holder, with all disclosures.
#[derive(Clone)]
pub struct Issued {
    signed: Signed,
    disclosures: Vec<Disclosure>,
}

impl Issued {
    fn new(jws: &str, disclosures: Vec<Disclosure>) -> Result<Self, Error> {
        // What was just signed has three parts.
        let signed = Signed::from_compact(jws).ok_or(jose_jwt::jws::Error::Signing)?;
        Ok(Self { signed, disclosures })
    }

    fn disclosures(&self) -> impl Iterator<Item = &str> {
        self.disclosures.iter().map(|disclosure| disclosure.encoded.as_str())
    }

    /// The compact form (RFC 9901 section 4).
    #[must_use]
    pub fn compact(&self) -> String {
        self.signed.with_disclosures(self.disclosures())
    }

    /// The flattened JSON serialization (RFC 9901 section 8.2).
    ///
    /// # Errors
    ///
    /// [`Error::Json`] if it cannot be written, which does not happen with a heap.
    pub fn flattened(&self) -> Result<String, Error> {
        self.signed.flattened(self.disclosures(), None)
    }

    /// The general JSON serialization (RFC 9901 section 8.3), with this one signature.
    ///
    /// # Errors
    ///
    /// Those of [`flattened`](Self::flattened).
    pub fn general(&self) -> Result<String, Error> {
        self.signed.general(self.disclosures(), None)
    }
}

/// The compact form.
impl fmt::Display for Issued {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.compact())
    }
}

impl fmt::Debug for Issued {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Issued").field("disclosures", &self.disclosures.len()).finish_non_exhaustive()
    }
}
