//! A client: its keys, and what it sends.

use core::time::Duration;

use jose_b64::base64url;
use jose_jwt::profile::DpopSigner;
use jose_jwt::{
    Claims, Curve, JweAlg, Jwk, JwkSet, JwsAlg, KeySpec, KeyUse, SigningKey, SysRng, Token, random_id,
};
use jose_test::{Answer, Server};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};
use ureq::http::header;
use xtask::Result;

use crate::browser;
use crate::provider::Provider;

/// Where the provider sends the user to. Nobody is there: the browser stops before.
pub(crate) const REDIRECT: &str = "https://client.example/callback";
const LOGOUT: &str = "/logout";
const ASSERTION: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

pub(crate) struct Client {
    pub(crate) id: &'static str,
    /// Of everything that is signed: by the provider for the client, and by the client.
    pub(crate) alg: JwsAlg,
    key: SigningKey,
    public: JwkSet,
    pub(crate) decryption: Option<Decryption>,
    /// The key that its access tokens are bound to.
    pub(crate) dpop: DpopSigner,
    /// Where it is told of logouts.
    pub(crate) server: Server,
}

pub(crate) struct Decryption {
    pub(crate) alg: JweAlg,
    pub(crate) jwk: Jwk,
    enc: &'static str,
}

/// What one login needs to know again.
pub(crate) struct Request {
    pub(crate) nonce: String,
    pub(crate) state: String,
    code_verifier: String,
    pub(crate) resource: Option<String>,
    response_type: &'static str,
    response_mode: &'static str,
}

/// The answer of the token endpoint.
pub(crate) struct Answered {
    pub(crate) status: u16,
    pub(crate) json: Value,
    pub(crate) dpop_nonce: Option<String>,
}

impl Answered {
    pub(crate) fn text(&self, name: &str) -> Result<&str> {
        self.json[name].as_str().ok_or_else(|| format!("no {name} in {} {}", self.status, self.json).into())
    }
}

impl Request {
    pub(crate) fn new(response_type: &'static str, response_mode: &'static str) -> Result<Self> {
        let [nonce, state] = [random_id(&mut SysRng)?, random_id(&mut SysRng)?];
        // At least 43 characters (RFC 7636 section 4.1).
        let code_verifier = format!("{}{}", random_id(&mut SysRng)?, random_id(&mut SysRng)?);
        Ok(Self { nonce, state, code_verifier, resource: None, response_type, response_mode })
    }

    /// Asks for an access token for an API.
    pub(crate) fn resource(self, resource: String) -> Self {
        Self { resource: Some(resource), ..self }
    }
}

impl Client {
    pub(crate) fn new(
        id: &'static str,
        alg: JwsAlg,
        encryption: Option<(JweAlg, &'static str, &'static str)>,
    ) -> Result<Self> {
        let jwk = generate(alg.into())?.with_kid(format!("{id}-sig")).with_alg(alg)?.with_use(KeyUse::Sig)?;
        let dpop = DpopSigner::new(&generate(alg.into())?.with_alg(alg)?)?;
        let key = SigningKey::try_from(&jwk)?;
        let mut keys = vec![jwk];
        let mut decryption = None;
        if let Some((alg, curve, enc)) = encryption {
            let spec = match curve {
                "X25519" => Curve::X25519.into(),
                "P-256" => Curve::P256.into(),
                _ => KeySpec::Rsa { bits: 2048 },
            };
            let jwk = generate(spec)?.with_kid(format!("{id}-enc")).with_alg(alg)?.with_use(KeyUse::Enc)?;
            keys.push(jwk.clone());
            decryption = Some(Decryption { alg, jwk, enc });
        }
        let server = Server::start();
        server.set(LOGOUT, Answer::json("{}"));
        Ok(Self {
            id,
            alg,
            key,
            public: keys.into_iter().collect::<JwkSet>().to_public(),
            decryption,
            dpop,
            server,
        })
    }

    /// What the provider knows of it.
    pub(crate) fn metadata(&self) -> Result<Value> {
        let alg = self.alg.as_str();
        let mut metadata = json!({
            "client_id": self.id,
            "redirect_uris": [REDIRECT],
            "response_types": ["code", "code id_token token"],
            "grant_types": ["authorization_code", "implicit"],
            "token_endpoint_auth_method": "private_key_jwt",
            "token_endpoint_auth_signing_alg": alg,
            "request_object_signing_alg": alg,
            "id_token_signed_response_alg": alg,
            "authorization_signed_response_alg": alg,
            "backchannel_logout_uri": self.server.url(LOGOUT),
            "backchannel_logout_session_required": true,
            "jwks": serde_json::from_str::<Value>(&self.public.to_public_json())?,
        });
        if let Some(Decryption { alg, enc, .. }) = &self.decryption {
            metadata["id_token_encrypted_response_alg"] = alg.as_str().into();
            metadata["id_token_encrypted_response_enc"] = (*enc).into();
        }
        Ok(metadata)
    }

    /// The URL of an authorization request whose parameters are in a request object (RFC 9101).
    pub(crate) fn authorization_url(&self, provider: &Provider, request: &Request) -> Result<String> {
        let object = self.request_object(provider, request)?;
        let query = browser::form(&[("client_id", self.id), ("request", &object)]);
        Ok(format!("{}?{query}", provider.url("/auth")))
    }

    pub(crate) fn request_object(&self, provider: &Provider, request: &Request) -> Result<String> {
        let challenge = base64url::encode_to_string(&Sha256::digest(&request.code_verifier));
        let mut members = Map::new();
        for (name, value) in [
            ("client_id", self.id),
            ("response_type", request.response_type),
            ("response_mode", request.response_mode),
            ("redirect_uri", REDIRECT),
            ("scope", "openid read"),
            ("nonce", &request.nonce),
            ("state", &request.state),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ] {
            members.insert(name.to_owned(), value.into());
        }
        if let Some(resource) = &request.resource {
            members.insert("resource".to_owned(), resource.as_str().into());
        }
        let claims = Claims::new().issuer(self.id).audience(provider.issuer.as_str());
        let claims = claims.expires_in(Duration::from_secs(60)).with(members);
        Ok(Token::new(&claims).typ("oauth-authz-req+jwt").sign(&self.key)?)
    }

    /// The assertion that authenticates it (RFC 7523 section 2.2).
    pub(crate) fn assertion(&self, provider: &Provider) -> Result<String> {
        let claims = Claims::new().issuer(self.id).subject(self.id).audience(provider.issuer.as_str());
        let claims = claims.jwt_id(random_id(&mut SysRng)?).expires_in(Duration::from_secs(60));
        Ok(Token::new(&claims).typ("client-authentication+jwt").sign(&self.key)?)
    }

    /// A proof for a request to the provider (RFC 9449).
    pub(crate) fn proof(
        &self,
        method: &str,
        url: &str,
        nonce: &str,
        access_token: Option<&str>,
    ) -> Result<String> {
        let mut proof = self.dpop.proof(method, url);
        if !nonce.is_empty() {
            proof = proof.nonce(nonce);
        }
        if let Some(token) = access_token {
            proof = proof.access_token(token);
        }
        Ok(proof.sign(&mut SysRng)?)
    }

    /// Redeems a code, with a proof if there is one.
    pub(crate) fn redeem(
        &self,
        provider: &Provider,
        request: &Request,
        code: &str,
        assertion: &str,
        proof: Option<&str>,
    ) -> Result<Answered> {
        let mut fields = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", REDIRECT),
            ("code_verifier", &request.code_verifier),
            ("client_assertion_type", ASSERTION),
            ("client_assertion", assertion),
        ];
        if let Some(resource) = &request.resource {
            fields.push(("resource", resource));
        }
        let post = browser::agent().post(provider.url("/token"));
        let mut post = post.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        if let Some(proof) = proof {
            post = post.header("dpop", proof);
        }
        let response = post.send(browser::form(&fields))?;
        let nonce = response.headers().get("dpop-nonce");
        let dpop_nonce = nonce.and_then(|nonce| nonce.to_str().ok()).map(str::to_owned);
        let (status, text) = browser::read(response)?;
        Ok(Answered { status: status.as_u16(), json: serde_json::from_str(&text)?, dpop_nonce })
    }
}

fn generate(spec: KeySpec) -> Result<Jwk> {
    let spec = match spec {
        KeySpec::Rsa { .. } => KeySpec::Rsa { bits: 2048 },
        other => other,
    };
    Ok(Jwk::generate(spec, &mut SysRng)?)
}
