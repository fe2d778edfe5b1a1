//! Logins of one client, from the request object to the logout token.

use core::time::Duration;

use jose_jwt::profile::{
    ACCESS_TOKEN, AccessToken, DpopRequest, DpopVerifier, ID_TOKEN, JARM, Jarm, LOGOUT_TOKEN,
};
use jose_jwt::{DecryptionKey, JwsAlg, JwtVerifier, KeyResolver, NoClaims, TokenKeys, Verification};
use jose_remote::{CurrentKeys, Discovery, FetchPolicy, Issuer, Ureq};
use serde::Deserialize;
use ureq::http::header;
use xtask::Result;

use crate::browser::{self, Browser, attribute, parameter};
use crate::client::{Answered, Client, REDIRECT, Request};
use crate::ensure;
use crate::provider::Provider;

/// How many things were as they should be.
#[derive(Default)]
struct Checks(usize);

impl Checks {
    fn accepts<T>(&mut self, what: &str, result: core::result::Result<T, jose_jwt::Error>) -> Result<T> {
        self.0 += 1;
        result.map_err(|error| format!("{what}: {error} ({error:?})").into())
    }

    fn refuses<T>(
        &mut self,
        what: &str,
        code: &str,
        result: core::result::Result<T, jose_jwt::Error>,
    ) -> Result {
        self.0 += 1;
        let found = result.err().map(|error| error.code());
        ensure!(found == Some(code), "{what}: {found:?}, not {code}");
        Ok(())
    }

    fn answers(&mut self, what: &str, answered: &Answered, status: u16, error: Option<&str>) -> Result {
        self.0 += 1;
        let found = (answered.status, answered.json["error"].as_str());
        ensure!(found == (status, error), "{what}: {} {}", answered.status, answered.json);
        Ok(())
    }
}

/// The provider, found by its URL, with keys that are fetched as needed.
pub(crate) fn discover(provider: &Provider) -> Result<Issuer<Ureq>> {
    let allowed = [JwsAlg::Rs256, JwsAlg::Ps256, JwsAlg::Es256, JwsAlg::EdDsa, JwsAlg::Ed25519];
    let discovery = Discovery::new(provider.issuer.as_str(), allowed);
    let policy = FetchPolicy::new().allow_http_loopback();
    Ok(pollster::block_on(discovery.policy(policy).fetch(Ureq::default()))?)
}

/// The API that a client asks for: its name says the algorithm of its access tokens.
pub(crate) fn resource(client: &Client) -> String {
    format!("https://api.example/{}", client.alg.as_str())
}

pub(crate) fn run(provider: &Provider, client: &Client) -> Result<usize> {
    let issuer = discover(provider)?;
    pollster::block_on(issuer.keys().ready())?;
    let keys = issuer.keys().resolver();
    let mut login = Login { provider, client, keys, browser: Browser::new(), checks: Checks::default() };
    login.hybrid()?;
    login.jarm()?;
    login.user_info()?;
    login.logout()?;
    Ok(login.checks.0)
}

struct Login<'l> {
    provider: &'l Provider,
    client: &'l Client,
    keys: KeyResolver<CurrentKeys>,
    browser: Browser,
    checks: Checks,
}

/// Verifies with the rules for the client, of a token that is signed or signed and encrypted.
macro_rules! verify {
    ($login:expr, $profile:expr, $token:expr, $expect:expr) => {
        match $login.decryption()? {
            Some(decryption) => {
                let verifier = JwtVerifier::nested($login.keys.clone(), decryption);
                let verifier = verifier.issuer($login.provider.issuer.as_str()).audience($login.client.id);
                verify_with(&verifier.profile($profile), $expect, $token)
            }
            None => {
                let verifier = JwtVerifier::new($login.keys.clone());
                let verifier = verifier.issuer($login.provider.issuer.as_str()).audience($login.client.id);
                verify_with(&verifier.profile($profile), $expect, $token)
            }
        }
    };
}

/// What is expected of one token.
#[derive(Clone, Copy, Default)]
struct Expect<'e> {
    nonce: Option<&'e str>,
    code: Option<&'e str>,
    access_token: Option<&'e str>,
}

fn verify_with<K: TokenKeys>(
    verifier: &JwtVerifier<K>,
    expect: Expect<'_>,
    token: &str,
) -> core::result::Result<String, jose_jwt::Error> {
    let mut verification: Verification<'_, K> = verifier.now()?;
    if let Some(nonce) = expect.nonce {
        verification = verification.nonce(nonce);
    }
    if let Some(code) = expect.code {
        verification = verification.code(code);
    }
    if let Some(token) = expect.access_token {
        verification = verification.access_token(token);
    }
    verification.verify::<NoClaims>(token).map(|_| token.to_owned())
}

impl Login<'_> {
    fn decryption(&self) -> Result<Option<DecryptionKey>> {
        let decryption = self.client.decryption.as_ref();
        Ok(decryption.map(|own| DecryptionKey::from_jwk(&own.jwk, own.alg)).transpose()?)
    }

    fn authorize(&mut self, request: &Request) -> Result<String> {
        let url = self.client.authorization_url(self.provider, request)?;
        let location = self.browser.authorize(&url, REDIRECT)?;
        ensure!(parameter(&location, "error").is_none(), "{}: {location}", self.client.id);
        Ok(location)
    }

    /// `code id_token token`: an ID Token beside a code and an access token, and one beside an access token that is bound to a key.
    fn hybrid(&mut self) -> Result {
        let (provider, client) = (self.provider, self.client);
        let request = Request::new("code id_token token", "fragment")?.resource(resource(client));
        // A request object that was changed is refused: the provider verified the good one.
        let object = client.request_object(provider, &request)?;
        let (input, signature) = object.rsplit_once('.').ok_or("a JWS")?;
        let other = if signature.starts_with('A') { 'B' } else { 'A' };
        let forged = format!("{input}.{other}{}", &signature[1..]);
        let query = browser::form(&[("client_id", client.id), ("request", &forged)]);
        let refused = self.browser.authorize(&format!("{}?{query}", provider.url("/auth")), REDIRECT);
        let refused = refused.unwrap_or_else(|error| error.to_string());
        ensure!(refused.contains("invalid_request_object"), "a forged request object: {refused}");
        self.checks.0 += 1;

        let location = self.authorize(&request)?;
        let part = |name| parameter(&location, name).ok_or_else(|| format!("no {name} at {location}"));
        let (code, access, id_token) = (part("code")?, part("access_token")?, part("id_token")?);
        ensure!(part("state")? == request.state, "the state of {location}");
        let expect = Expect { nonce: Some(&request.nonce), code: Some(&code), access_token: Some(&access) };
        let result = verify!(self, ID_TOKEN, &id_token, expect);
        self.checks.accepts("the ID Token beside a code and an access token", result)?;
        for (what, expect) in [
            ("login", Expect { nonce: Some("another"), ..expect }),
            ("code", Expect { code: Some("another"), ..expect }),
            ("access token", Expect { access_token: Some("another"), ..expect }),
        ] {
            let result = verify!(self, ID_TOKEN, &id_token, expect);
            self.checks.refuses(&format!("an ID Token of another {what}"), "claim-mismatch", result)?;
        }

        let answered = self.redeem_with_proof(&request, &code)?;
        let (access, id_token) = (answered.text("access_token")?, answered.text("id_token")?);
        ensure!(answered.json["token_type"] == "DPoP", "the type of {}", answered.json);
        // This provider leaves `at_hash` out here, where it is optional (OpenID Connect Core 1.0 section 3.1.3.6).
        let expect = Expect { nonce: Some(&request.nonce), ..Expect::default() };
        let result = verify!(self, ID_TOKEN, id_token, expect);
        self.checks.accepts("the ID Token beside a bound access token", result)?;
        let result = verify!(self, ID_TOKEN, id_token, Expect { access_token: Some(access), ..expect });
        self.checks.refuses("an ID Token without at_hash", "claim-missing", result)?;
        let result = verify!(self, ID_TOKEN, access, Expect::default());
        ensure!(result.is_err(), "an access token is taken as an ID Token");

        // The API: a token of RFC 9068, bound to the key of the proof that comes with it.
        let api = self.api();
        let url = resource(client);
        let proof = client.proof("GET", &url, "", Some(access))?;
        let proofs = DpopVerifier::new(client.alg, Duration::from_secs(60));
        let of_request = DpopRequest::new("GET", &url).access_token(access);
        let proof = self.checks.accepts("a proof for the API", proofs.verify(&proof, &of_request))?;
        let result = api.now()?.bound_to(proof.thumbprint()).verify::<AccessToken>(access);
        let verified = self.checks.accepts("a bound access token", result)?;
        let claims = verified.claims().custom();
        ensure!(claims.client_id == client.id && claims.has_scope("read"), "{claims:?}");
        ensure!(verified.claims().sub() == Some("alice"), "the subject");
        self.checks.refuses(
            "a bound access token without a proof",
            "claim-prohibited",
            api.verify::<AccessToken>(access),
        )
    }

    fn api(&self) -> JwtVerifier<KeyResolver<CurrentKeys>> {
        self.api_of(&self.provider.issuer, &resource(self.client))
    }

    fn api_of(&self, issuer: &str, audience: &str) -> JwtVerifier<KeyResolver<CurrentKeys>> {
        JwtVerifier::new(self.keys.clone()).issuer(issuer).audience(audience).profile(ACCESS_TOKEN)
    }

    /// Redeems a code with a proof, whose nonce the provider gives first. An assertion and a proof are taken once.
    fn redeem_with_proof(&mut self, request: &Request, code: &str) -> Result<Answered> {
        let (provider, client) = (self.provider, self.client);
        let url = provider.url("/token");
        let proof = client.proof("POST", &url, "", None)?;
        let answered = client.redeem(provider, request, code, &client.assertion(provider)?, Some(&proof))?;
        self.checks.answers("a proof without nonce", &answered, 400, Some("use_dpop_nonce"))?;
        let nonce = answered.dpop_nonce.ok_or("no nonce")?;

        let (assertion, proof) = (client.assertion(provider)?, client.proof("POST", &url, &nonce, None)?);
        let (input, _) = assertion.rsplit_once('.').ok_or("a JWS")?;
        let forged = format!("{input}.{}", "A".repeat(86));
        let answered = client.redeem(provider, request, code, &forged, Some(&proof))?;
        self.checks.answers("a forged assertion", &answered, 401, Some("invalid_client"))?;
        let good = client.redeem(provider, request, code, &assertion, Some(&proof))?;
        self.checks.answers("an assertion and a proof", &good, 200, None)?;
        let answered = client.redeem(provider, request, code, &assertion, Some(&proof))?;
        self.checks.answers("the same assertion again", &answered, 401, Some("invalid_client"))?;
        Ok(good)
    }

    /// The response as a JWT, and an access token that any bearer may use.
    fn jarm(&mut self) -> Result {
        let request = Request::new("code", "jwt")?.resource(resource(self.client));
        let location = self.authorize(&request)?;
        let response =
            parameter(&location, "response").ok_or_else(|| format!("no response at {location}"))?;
        let verifier = JwtVerifier::new(self.keys.clone()).issuer(self.provider.issuer.as_str());
        let verifier = verifier.audience(self.client.id).profile(JARM);
        let result = verifier.now()?.state(&request.state).verify::<Jarm>(&response);
        let verified = self.checks.accepts("JARM", result)?;
        let result = verifier.now()?.state("another").verify::<Jarm>(&response);
        self.checks.refuses("JARM for another state", "claim-mismatch", result)?;

        let code = verified.claims().custom().code.as_deref().ok_or("a response without code")?;
        let assertion = self.client.assertion(self.provider)?;
        let answered = self.client.redeem(self.provider, &request, code, &assertion, None)?;
        self.checks.answers("a code", &answered, 200, None)?;
        let access = answered.text("access_token")?;
        self.checks.accepts("an access token", self.api().verify::<AccessToken>(access))?;
        let issuer = self.provider.issuer.as_str();
        for (issuer, audience) in
            [(issuer, "https://api.example/other"), ("https://other.example", &resource(self.client))]
        {
            let result = self.api_of(issuer, audience).verify::<AccessToken>(access);
            self.checks.refuses("an access token of others", "claim-mismatch", result)?;
        }
        Ok(())
    }

    /// A proof with the hash of an access token is accepted by the provider's own API, and one without it is not.
    fn user_info(&mut self) -> Result {
        let request = Request::new("code", "query")?;
        let location = self.authorize(&request)?;
        let code = parameter(&location, "code").ok_or_else(|| format!("no code at {location}"))?;
        let answered = self.redeem_with_proof(&request, &code)?;
        let access = answered.text("access_token")?;
        let (url, mut nonce) = (self.provider.url("/me"), String::new());
        for (token, status, part) in [
            (Some(access), 401, "\"use_dpop_nonce\""),
            (None, 401, "\"invalid_dpop_proof\""),
            (Some(access), 200, "\"sub\":\"alice\""),
        ] {
            let proof = self.client.proof("GET", &url, &nonce, token)?;
            let get = browser::agent().get(&url).header(header::AUTHORIZATION, format!("DPoP {access}"));
            let response = get.header("dpop", proof).call()?;
            if let Some(next) = response.headers().get("dpop-nonce") {
                nonce = next.to_str()?.to_owned();
            }
            let (found, text) = browser::read(response)?;
            ensure!(found == status && text.contains(part), "{found} {text}, not {status} with {part}");
            self.checks.0 += 1;
        }
        Ok(())
    }

    /// The user logs out, and the client is told.
    fn logout(&mut self) -> Result {
        #[derive(Deserialize)]
        struct Session {
            sid: Option<String>,
        }
        let query = browser::form(&[("client_id", self.client.id)]);
        let page = self.browser.page(&format!("{}?{query}", self.provider.url("/session/end")))?;
        let secret = attribute(&page, "name=\"xsrf\" value=\"").ok_or_else(|| format!("no form: {page}"))?;
        let fields = [("xsrf", secret.as_str()), ("logout", "yes")];
        let response = self.browser.post(&self.provider.url("/session/end/confirm"), &fields)?;
        ensure!(response.status() == 303, "{} after the logout", response.status());
        let requests = self.client.server.requests();
        let [request] = requests.as_slice() else {
            return Err(format!("the client heard {requests:?}").into());
        };
        let body = core::str::from_utf8(request.body())?;
        let token = body.strip_prefix("logout_token=").ok_or_else(|| format!("the client heard {body}"))?;
        let result = verify!(self, LOGOUT_TOKEN, token, Expect::default());
        self.checks.accepts("the logout token", result)?;
        let result = verify!(self, ID_TOKEN, token, Expect::default());
        ensure!(result.is_err(), "a logout token is taken as an ID Token");
        if self.client.decryption.is_none() {
            let verifier = JwtVerifier::new(self.keys.clone()).issuer(self.provider.issuer.as_str());
            let verifier = verifier.audience(self.client.id).profile(LOGOUT_TOKEN);
            let verified = self.checks.accepts("the session", verifier.verify::<Session>(token))?;
            ensure!(verified.claims().custom().sid.is_some(), "a logout token without sid");
        }
        Ok(())
    }
}
