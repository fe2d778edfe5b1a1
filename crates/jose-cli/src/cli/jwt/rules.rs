//! What is expected of a JWT.

use core::time::Duration;

use clap::{Args, ValueEnum};
use jose_b64::json::{self, Value};
use jose_jwt::profile::{self, Profile};
use jose_jwt::{
    AudienceUnset, Error, Given, IssuerUnset, JwsAlg, JwtVerifier, NumericDate, dangerous_decode, jws,
};

use crate::dates::{absolute, relative};
use crate::failure::{Exit, Failure};
use crate::report::Node;
use crate::thing::Keys;
use crate::times;

/// The longest leeway: more than this is no difference between clocks.
const MAX_LEEWAY: Duration = Duration::from_secs(300);

#[derive(Args, Debug)]
pub(in crate::cli) struct Rules {
    /// An algorithm that is allowed; otherwise those that the keys name or serve
    #[arg(short, long)]
    pub(super) alg: Vec<JwsAlg>,
    /// An issuer that is accepted
    #[arg(long, conflicts_with = "issuer")]
    iss: Vec<String>,
    /// Accepts any issuer
    #[arg(long, conflicts_with_all = ["iss", "issuer"])]
    any_iss: bool,
    /// An audience that you are
    #[arg(long)]
    aud: Vec<String>,
    /// Accepts any audience
    #[arg(long, conflicts_with = "aud")]
    any_aud: bool,
    /// The kind of JWT, whose rules it must keep
    #[arg(long, value_enum)]
    profile: Option<Kind>,
    /// The subject
    #[arg(long)]
    sub: Option<String>,
    /// The identifier
    #[arg(long)]
    jti: Option<String>,
    /// The nonce
    #[arg(long)]
    nonce: Option<String>,
    /// The header's `typ`
    #[arg(long)]
    typ: Option<String>,
    /// A claim that must be there
    #[arg(long, value_name = "CLAIM")]
    require: Vec<String>,
    /// How far the clocks may differ, at most 5 minutes
    #[arg(long, value_name = "SPAN", value_parser = times::span)]
    leeway: Option<Duration>,
    /// How long ago it may have been issued
    #[arg(long, value_name = "SPAN", value_parser = times::span)]
    max_age: Option<Duration>,
    /// How long it may be valid in all
    #[arg(long, value_name = "SPAN", value_parser = times::span)]
    max_lifetime: Option<Duration>,
    /// Accepts a JWT without `exp`
    #[arg(long)]
    exp_optional: bool,
    /// A critical extension of the header that you handle
    #[arg(long, value_name = "NAME")]
    crit: Vec<String>,
    /// Verifies with RSA keys that are too weak for today
    #[arg(long)]
    pub(super) legacy_rsa: bool,
}

/// The kinds of JWT.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// OpenID Connect
    IdToken,
    /// RFC 9068
    AccessToken,
    /// OpenID Connect Back-Channel Logout
    LogoutToken,
    /// JWT-secured authorization response
    Jarm,
    /// RFC 7523
    ClientAssertion,
    /// RFC 8417
    SecurityEvent,
    /// RFC 9101
    RequestObject,
    /// RFC 9701
    IntrospectionResponse,
    /// OpenID4VCI 1.0
    KeyAttestation,
    /// OpenID Federation 1.0
    EntityStatement,
    /// SPIFFE
    JwtSvid,
    /// RFC 8292
    Vapid,
}

impl Kind {
    fn profile(self) -> Profile {
        match self {
            Self::IdToken => profile::ID_TOKEN,
            Self::AccessToken => profile::ACCESS_TOKEN,
            Self::LogoutToken => profile::LOGOUT_TOKEN,
            Self::Jarm => profile::JARM,
            Self::ClientAssertion => profile::CLIENT_ASSERTION,
            Self::SecurityEvent => profile::SECURITY_EVENT_TOKEN,
            Self::RequestObject => profile::REQUEST_OBJECT,
            Self::IntrospectionResponse => profile::INTROSPECTION_RESPONSE,
            Self::KeyAttestation => profile::KEY_ATTESTATION,
            Self::EntityStatement => profile::ENTITY_STATEMENT,
            Self::JwtSvid => profile::JWT_SVID,
            Self::Vapid => profile::VAPID,
        }
    }
}

impl Rules {
    /// Whether the rules say enough. The issuer may be known by where the keys are from.
    pub(super) fn check_usage(&self, issuer_is_known: bool) -> Result<(), Failure> {
        if self.iss.is_empty() && !self.any_iss && !issuer_is_known {
            return Err(Failure::misuse("it is not said whose tokens are accepted")
                .remedy("`--iss ISSUER`, or `--any-iss` if it does not matter"));
        }
        if self.aud.is_empty() && !self.any_aud {
            return Err(Failure::misuse("it is not said whom the token must be for")
                .remedy("`--aud AUDIENCE`, or `--any-aud` if it does not matter"));
        }
        if self.leeway.is_some_and(|leeway| leeway > MAX_LEEWAY) {
            return Err(Failure::misuse("a leeway of more than 5 minutes is no difference between clocks")
                .remedy("`--now` verifies as of another time"));
        }
        Ok(())
    }

    /// Sets the issuer, and all that comes after it.
    pub(super) fn apply<K>(&self, verifier: JwtVerifier<K, IssuerUnset, AudienceUnset>) -> JwtVerifier<K> {
        self.apply_to_issuer(if self.any_iss {
            verifier.any_issuer()
        } else {
            verifier.issuer(self.iss.clone())
        })
    }

    /// Sets what is expected of the tokens of an issuer.
    pub(super) fn apply_to_issuer<K>(
        &self,
        verifier: JwtVerifier<K, Given, AudienceUnset>,
    ) -> JwtVerifier<K> {
        let mut verifier =
            if self.any_aud { verifier.any_audience() } else { verifier.audience(self.aud.clone()) };
        if let Some(kind) = self.profile {
            verifier = verifier.profile(kind.profile());
        }
        if let Some(sub) = &self.sub {
            verifier = verifier.subject(sub.as_str());
        }
        if let Some(jti) = &self.jti {
            verifier = verifier.jwt_id(jti.as_str());
        }
        if let Some(nonce) = &self.nonce {
            verifier = verifier.nonce(nonce.as_str());
        }
        if let Some(typ) = &self.typ {
            verifier = verifier.typ(typ.as_str());
        }
        if let Some(leeway) = self.leeway {
            // At most five minutes: see above.
            verifier = verifier.dangerous_leeway(leeway);
        }
        if let Some(age) = self.max_age {
            verifier = verifier.max_age(age);
        }
        if let Some(span) = self.max_lifetime {
            verifier = verifier.max_lifetime(span);
        }
        if self.exp_optional {
            verifier = verifier.expiry_optional();
        }
        for claim in &self.require {
            verifier = verifier.require(claim.clone());
        }
        if !self.crit.is_empty() {
            // The verifier keeps them as long as the program runs, which is this once.
            let names =
                self.crit.iter().map(|name| &*Box::leak(name.clone().into_boxed_str())).collect::<Vec<_>>();
            verifier = verifier.understand(Box::leak(names.into_boxed_slice()));
        }
        verifier
    }

    /// Which rule the JWT breaks, what was found, and what was expected.
    pub(super) fn explain(
        &self,
        error: &Error,
        token: &str,
        now: NumericDate,
        keys: Option<&Keys>,
    ) -> Failure {
        let failure = Failure::refused(error);
        if !error.is_refusal() {
            return failure.with_exit(Exit::Misuse);
        }
        let unverified = dangerous_decode(token).ok();
        let claims = unverified.as_ref().map_or("", |token| token.claims_text());
        let header = unverified.as_ref().map_or("", |token| token.header_text());
        match error {
            Error::Expired { at } => failure
                .detail("rule", "exp")
                .detail("found", format!("{}, {}", absolute(*at), relative(*at, now)))
                .detail("expected", format!("after {}", absolute(now))),
            Error::NotYetValid { at } => failure
                .detail("rule", "nbf")
                .detail("found", format!("{}, {}", absolute(*at), relative(*at, now)))
                .detail("expected", format!("at or before {}", absolute(now))),
            Error::Claim { claim, expected, .. } => {
                let wanted = match claim.as_ref() {
                    "sub" => self.sub.clone(),
                    "jti" => self.jti.clone(),
                    "nonce" => self.nonce.clone(),
                    "iat" => {
                        self.max_age.map(|age| format!("at most {} ago", humantime::format_duration(age)))
                    }
                    _ => None,
                };
                failure
                    .detail("rule", claim.as_ref())
                    .detail("found", member(claims, claim))
                    .detail("expected", expected.clone().or(wanted).unwrap_or_else(|| "another".to_owned()))
            }
            Error::Typ(_) => {
                let wanted = self
                    .typ
                    .clone()
                    .or(self.profile.map(|kind| format!("that of the profile {}", kind.profile().name())));
                failure
                    .detail("rule", "typ")
                    .detail("found", member(header, "typ"))
                    .detail("expected", wanted)
            }
            Error::Jws(jws::Error::AlgorithmNotAllowed { found, allowed }) => failure
                .detail("rule", "alg")
                .detail("found", found.as_str())
                .detail("expected", allowed.iter().map(JwsAlg::as_str).collect::<Node>()),
            Error::Jws(jws::Error::KidUnknown) => {
                let kids = match keys {
                    Some(Keys::One(jwk)) => vec![jwk.kid()],
                    Some(Keys::Set(set)) => set.keys().iter().map(jose_jwt::Jwk::kid).collect(),
                    None => Vec::new(),
                };
                failure
                    .detail("rule", "kid")
                    .detail("found", member(header, "kid"))
                    .detail("expected", kids.into_iter().flatten().collect::<Node>())
            }
            Error::Jws(jws::Error::Signature) => failure.detail("rule", "signature"),
            _ => failure,
        }
    }
}

/// A member as it was written.
fn member(text: &str, name: &str) -> Node {
    let object = json::parse_object(text.as_bytes()).ok();
    let value: Option<Value<'_>> = object.and_then(|object| object.get(name));
    value.map_or(Node::Text("nothing".to_owned()), |value| Node::Raw(value.raw().to_owned()))
}
