//! The keys that an issuer signs with, from their publication to their end.

use core::fmt;
use core::time::Duration;

use jose_b64::base64url;
use jose_b64::json::{self, Object, ObjectWriter};
use jose_jwa::errors;
use jose_jwt::jwk::KeyType;
use jose_jwt::{Hash, Jwk, JwkSet, JwsAlg, NumericDate, Sign as _, SigningKey};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

errors! {
    /// Why a [`KeyRing`] does not do what it is asked.
    #[derive(Clone, Debug, PartialEq, Eq)]
    #[non_exhaustive]
    pub enum RingError {
        /// The key cannot sign, or does not say with which algorithm.
        Key(error: jose_jwt::jws::Error) from error => error.code(), "{error}";
        /// The key is symmetric: it cannot be published.
        Symmetric => "ring-symmetric", "a symmetric key cannot be published";
        /// The ring has, or had and revoked, a key with this `kid`.
        KidTaken => "kid-taken", "the ring has, or had and revoked, a key with this kid";
        /// The ring has no key with this `kid`.
        KidUnknown => "ring-kid-unknown", "the ring has no key with this kid";
        /// No key of the algorithm signs now.
        NoActiveKey {
            /// The algorithm.
            alg: JwsAlg,
        } => "no-active-key", "no key of {alg} signs now";
        /// The token would live longer than tokens of this ring may, or has expired before it is signed.
        Lifetime {
            /// The longest life.
            max: Duration,
        } => "lifetime", "a token lives from now on for at most {} seconds", max.as_secs();
        /// The text is not the state of a ring. Holds what is wrong.
        State(what: &'static str) => "ring-state", "the state of the ring: {what}";
    }
}

/// What a key of a [`KeyRing`] does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyState {
    /// It is published and does not sign, until every cache can have it.
    Announced,
    /// It is published and signs.
    Active,
    /// It is published until the last token that it signed has expired.
    Retiring,
}

const STATES: [(KeyState, &str); 3] =
    [(KeyState::Announced, "announced"), (KeyState::Active, "active"), (KeyState::Retiring, "retiring")];

/// The keys that an issuer signs with: announced, active, retiring, gone. It opens no connection and reads no clock.
///
/// A key signs once every cache that obeys [`cache_control`](Self::cache_control) has it, and is published until the last token
/// that it signed has expired, so that no verifier ever lacks the key of a valid token. The state can be stored and read again.
///
/// ```
/// use core::time::Duration;
/// use jose_remote::KeyRing;
/// use jose_remote::jwt::{Curve, Jwk, JwsAlg, NumericDate, Sign as _, SysRng};
///
/// fn main() -> Result<(), Box<dyn std::error::Error>> {
///     let at = NumericDate::from_seconds;
///     let mut ring = KeyRing::new().cache_life(Duration::from_secs(3600));
///     // The first key signs at once: no cache has anything.
///     let first = ring.announce(Jwk::generate(Curve::P256, &mut SysRng)?, at(0))?;
///     let key = ring.signing_key(JwsAlg::Es256, at(10), at(610))?;
///     assert_eq!(key.kid(), Some(first.as_str()));
///
///     // The next one is published for an hour and the difference of clocks before it signs.
///     let second = ring.announce(Jwk::generate(Curve::P256, &mut SysRng)?, at(1000))?;
///     assert_eq!(
///         ring.signing_key(JwsAlg::Es256, at(4800), at(5400))?.kid(),
///         Some(first.as_str())
///     );
///     assert_eq!(
///         ring.signing_key(JwsAlg::Es256, at(4900), at(5500))?.kid(),
///         Some(second.as_str())
///     );
///     // The first is published until its last token has expired everywhere.
///     assert_eq!(ring.jwks(at(5699)).len(), 2);
///     assert_eq!(ring.jwks(at(5700)).len(), 1);
///     Ok(())
/// }
/// ```
#[derive(Clone)]
pub struct KeyRing {
    keys: Vec<Held>,
    revoked: Vec<String>,
    cache_life: Duration,
    max_lifetime: Duration,
    skew: Duration,
}

#[derive(Clone)]
struct Held {
    kid: String,
    jwk: Jwk,
    key: SigningKey,
    state: KeyState,
    /// When it was announced.
    since: NumericDate,
    /// The latest expiry of its tokens.
    until: NumericDate,
}

/// The least life of a cache: that of [`KeyCache`](crate::KeyCache), which does not fetch more often whatever it is told.
const MIN_CACHE_LIFE: Duration = Duration::from_secs(300);

impl KeyRing {
    /// Caches live for an hour, tokens for at most an hour, and clocks differ by at most five minutes.
    pub const fn new() -> Self {
        let hour = Duration::from_secs(3600);
        let skew = Duration::from_secs(300);
        Self { keys: Vec::new(), revoked: Vec::new(), cache_life: hour, max_lifetime: hour, skew }
    }

    /// Sets for how long caches may keep the set, at least five minutes. A key is announced for as long, and a revoked key is
    /// trusted for as long by those who have it. To be set before the first key.
    #[must_use]
    pub fn cache_life(self, span: Duration) -> Self {
        Self { cache_life: span.max(MIN_CACHE_LIFE), ..self }
    }

    /// Sets the longest life of a token.
    #[must_use]
    pub fn max_lifetime(self, span: Duration) -> Self {
        Self { max_lifetime: span, ..self }
    }

    /// Sets by how much clocks differ: a key is announced, and published after its last token's end, for so much longer.
    #[must_use]
    pub fn skew(self, span: Duration) -> Self {
        Self { skew: span, ..self }
    }

    /// Adds a key that will sign in the place of the present one of its algorithm, and returns its `kid`: its own, or its
    /// thumbprint (RFC 7638). The first
    /// key of the ring signs at once; for any other, [`activate_now`](Self::activate_now) is the way round the wait.
    ///
    /// # Errors
    ///
    /// [`RingError::Key`] if it is no private key that names, or has only one, signature algorithm;
    /// [`RingError::Symmetric`]; [`RingError::KidTaken`].
    pub fn announce(&mut self, jwk: Jwk, now: NumericDate) -> Result<String, RingError> {
        self.advance(now);
        let kid = match jwk.kid() {
            Some(kid) => kid.to_owned(),
            None => {
                let thumbprint =
                    jwk.thumbprint(Hash::Sha256).map_err(|error| RingError::Key(error.into()))?;
                base64url::encode_to_string(thumbprint.as_bytes())
            }
        };
        if self.revoked.contains(&kid) || self.keys.iter().any(|held| held.kid == kid) {
            return Err(RingError::KidTaken);
        }
        let mut held = Held::new(jwk.with_kid(kid.as_str()), KeyState::Announced, now)?;
        if self.keys.is_empty() {
            held.state = KeyState::Active;
        }
        self.keys.push(held);
        Ok(kid)
    }

    /// Lets an announced key sign at once, in the place of the present one of its algorithm: after a revocation, or where no
    /// verifier has keys of that algorithm. Verifiers with an older set refuse its tokens until they fetch again.
    ///
    /// # Errors
    ///
    /// [`RingError::KidUnknown`] if no key with this `kid` is announced.
    pub fn activate_now(&mut self, kid: &str, now: NumericDate) -> Result<(), RingError> {
        self.advance(now);
        let is_meant = |held: &Held| held.kid == kid && held.state == KeyState::Announced;
        let place = self.keys.iter().position(is_meant).ok_or(RingError::KidUnknown)?;
        self.activate(place);
        Ok(())
    }

    /// The key at this place signs, and the one that did retires.
    fn activate(&mut self, place: usize) {
        let Some(alg) = self.keys.get(place).map(|held| held.key.alg()) else { return };
        for other in self.keys.iter_mut().filter(|other| other.is(KeyState::Active, alg)) {
            other.state = KeyState::Retiring;
        }
        if let Some(held) = self.keys.get_mut(place) {
            held.state = KeyState::Active;
        }
    }

    /// The key that signs a token which expires at `exp`. That it does is remembered, so the state is to be stored before the
    /// token is given out.
    ///
    /// # Errors
    ///
    /// [`RingError::Lifetime`] if the token would live too long or not at all; [`RingError::NoActiveKey`].
    pub fn signing_key(
        &mut self,
        alg: JwsAlg,
        now: NumericDate,
        exp: NumericDate,
    ) -> Result<&SigningKey, RingError> {
        self.advance(now);
        let max = self.max_lifetime;
        if exp <= now || exp > now.saturating_add(max) {
            return Err(RingError::Lifetime { max });
        }
        let mut active = self.keys.iter_mut().filter(|held| held.state == KeyState::Active);
        let held = active.find(|held| held.key.alg() == alg).ok_or(RingError::NoActiveKey { alg })?;
        // The state knows whole seconds.
        let whole = NumericDate::from_seconds(exp.seconds());
        let end = if whole < exp { whole.saturating_add(Duration::from_secs(1)) } else { whole };
        held.until = held.until.max(end);
        Ok(&held.key)
    }

    /// Removes a key that is no longer to be trusted. It is not published again. If it was the one that signs, the one that was
    /// announced first takes its place at once: verifiers with the old set refuse its tokens until they fetch again, and accept
    /// those of the revoked key until their caches end.
    ///
    /// # Errors
    ///
    /// [`RingError::KidUnknown`].
    pub fn revoke(&mut self, kid: &str, now: NumericDate) -> Result<(), RingError> {
        self.advance(now);
        let place = self.keys.iter().position(|held| held.kid == kid).ok_or(RingError::KidUnknown)?;
        let revoked = self.keys.remove(place);
        if revoked.state == KeyState::Active {
            let alg = revoked.key.alg();
            let next = self.keys.iter_mut().find(|held| held.is(KeyState::Announced, alg));
            if let Some(next) = next {
                next.state = KeyState::Active;
            }
        }
        self.revoked.push(revoked.kid);
        Ok(())
    }

    /// The public keys to publish.
    pub fn jwks(&mut self, now: NumericDate) -> JwkSet {
        self.advance(now);
        self.keys.iter().map(|held| held.jwk.clone()).collect::<JwkSet>().to_public()
    }

    /// `Cache-Control` of the published set.
    #[must_use]
    pub fn cache_control(&self) -> String {
        format!("public, max-age={}", self.cache_life.as_secs())
    }

    /// `ETag` of the published set.
    pub fn etag(&mut self, now: NumericDate) -> String {
        let digest = Sha256::digest(self.jwks(now).to_public_json());
        format!("\"{}\"", base64url::encode_to_string(&digest))
    }

    /// The keys that are published, by `kid`, with what they do.
    pub fn keys(&mut self, now: NumericDate) -> impl Iterator<Item = (&str, KeyState)> {
        self.advance(now);
        self.keys.iter().map(|held| (&*held.kid, held.state))
    }

    /// Lets keys take their turn: those that were announced for long enough sign, and those whose tokens have expired go. Every
    /// other call that takes the time does it first.
    pub fn advance(&mut self, now: NumericDate) {
        let wait = self.cache_life.saturating_add(self.skew);
        let mut place = 0;
        while let Some(held) = self.keys.get(place) {
            let is_due = held.state == KeyState::Announced && now >= held.since.saturating_add(wait);
            if is_due {
                self.activate(place);
            }
            place = place.saturating_add(1);
        }
        let skew = self.skew;
        self.keys.retain(|held| held.state != KeyState::Retiring || now < held.until.saturating_add(skew));
    }

    /// The state as JSON, **with the private keys**, for [`from_json`](Self::from_json). Wiped when dropped.
    ///
    /// # Errors
    ///
    /// [`RingError::State`] if a key has members that are nested too deep for it.
    pub fn expose_private_json(&self) -> Result<Zeroizing<String>, RingError> {
        let texts: Vec<_> = self.keys.iter().map(|held| held.jwk.expose_private_json()).collect();
        // Each byte of a name takes at most six, and the rest of an entry less than 200. A text that grows leaves copies.
        let names = self.keys.iter().map(|held| &held.kid).chain(&self.revoked);
        let names: usize = names.map(|name| name.len().saturating_mul(6).saturating_add(200)).sum();
        let len =
            texts.iter().map(|text| text.len()).sum::<usize>().saturating_add(names).saturating_add(300);
        let mut out = Zeroizing::new(String::with_capacity(len));
        self.write(&texts, &mut out).map_err(|_| RingError::State("a key cannot be written"))?;
        // What cannot be read again would be lost.
        Self::from_json(out.as_str())?;
        Ok(out)
    }

    fn write(&self, texts: &[Zeroizing<String>], out: &mut String) -> Result<(), jose_b64::Error> {
        let seconds = |span: Duration| i64::try_from(span.as_secs()).unwrap_or(i64::MAX);
        let mut state = ObjectWriter::new(out)?;
        state.number("version", 1)?;
        state.number("cache_life", seconds(self.cache_life))?;
        state.number("max_lifetime", seconds(self.max_lifetime))?;
        state.number("skew", seconds(self.skew))?;
        state.string_array("revoked", self.revoked.iter().map(String::as_str))?;
        let mut keys = state.object("keys")?;
        for (held, text) in self.keys.iter().zip(texts) {
            let mut key = keys.object(&held.kid)?;
            let name = STATES.iter().find(|(state, _)| *state == held.state).map_or("", |(_, name)| name);
            key.string("state", name)?.number("since", held.since.seconds())?;
            key.number("until", held.until.seconds())?.raw("jwk", text)?;
            key.finish()?;
        }
        keys.finish()?;
        state.finish()
    }

    /// Reads a state that [`expose_private_json`](Self::expose_private_json) wrote.
    ///
    /// # Errors
    ///
    /// [`RingError::State`] if it is another text; [`RingError::Key`] for a key that cannot sign.
    pub fn from_json(text: impl AsRef<[u8]>) -> Result<Self, RingError> {
        let state =
            json::parse_object(text.as_ref()).map_err(|_| RingError::State("it is no JSON object"))?;
        if number(state, "version")? != 1 {
            return Err(RingError::State("it has another version"));
        }
        let span = |name| number(state, name).map(|seconds| Duration::from_secs(seconds.unsigned_abs()));
        let ring = Self::new().cache_life(span("cache_life")?).max_lifetime(span("max_lifetime")?);
        let mut ring = ring.skew(span("skew")?);
        let revoked = state.get("revoked").and_then(|value| value.as_array());
        for kid in revoked.ok_or(RingError::State("`revoked` is no list"))?.iter() {
            let kid = kid.as_str().ok_or(RingError::State("`revoked` is no list of names"))?;
            ring.revoked.push(kid.to_cow().into_owned());
        }
        let keys = state.get("keys").and_then(|value| value.as_object());
        for (kid, value) in keys.ok_or(RingError::State("`keys` is no object"))?.iter() {
            let entry = value.as_object().ok_or(RingError::State("a key is no object"))?;
            let name = entry.get("state").and_then(|value| value.as_str());
            let known = STATES.iter().find(|(_, known)| name.is_some_and(|name| name == *known));
            let (state, _) = known.ok_or(RingError::State("a key has no known state"))?;
            let jwk = entry.get("jwk").and_then(|value| value.as_object());
            let jwk = Jwk::from_object(jwk.ok_or(RingError::State("a key has no JWK"))?);
            let jwk = jwk.map_err(|error| RingError::Key(error.into()))?;
            let mut held = Held::new(jwk, *state, NumericDate::from_seconds(number(entry, "since")?))?;
            held.until = NumericDate::from_seconds(number(entry, "until")?);
            if kid != held.kid.as_str() {
                return Err(RingError::State("a key has another name than its JWK"));
            }
            if ring.revoked.contains(&held.kid) {
                return Err(RingError::State("a key is revoked"));
            }
            let alg = held.key.alg();
            if held.state == KeyState::Active && ring.keys.iter().any(|one| one.is(KeyState::Active, alg)) {
                return Err(RingError::State("two keys of one algorithm sign"));
            }
            ring.keys.push(held);
        }
        Ok(ring)
    }
}

fn number(object: Object<'_>, name: &'static str) -> Result<i64, RingError> {
    let value = object.get(name).and_then(|value| value.as_number()?.parse::<i64>().ok());
    value.filter(|value| *value >= 0).ok_or(RingError::State("a number is missing or wrong"))
}

impl Held {
    fn new(jwk: Jwk, state: KeyState, since: NumericDate) -> Result<Self, RingError> {
        if jwk.key_type() == KeyType::Oct {
            return Err(RingError::Symmetric);
        }
        let key = SigningKey::try_from(&jwk).map_err(RingError::Key)?;
        let kid = jwk.kid().ok_or(RingError::State("a key has no kid"))?.to_owned();
        Ok(Self { kid, jwk, key, state, since, until: since })
    }

    fn is(&self, state: KeyState, alg: JwsAlg) -> bool {
        self.state == state && self.key.alg() == alg
    }
}

impl Default for KeyRing {
    fn default() -> Self {
        Self::new()
    }
}

/// Shows no key.
impl fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys: Vec<_> = self.keys.iter().map(|held| (&held.kid, held.state)).collect();
        f.debug_struct("KeyRing").field("keys", &keys).field("revoked", &self.revoked).finish_non_exhaustive()
    }
}
