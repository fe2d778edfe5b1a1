//! Keys from an issuer, over the network.

use clap::Args;
use jose_jwt::jwa::Status;
use jose_jwt::{AlgSet, JwsAlg, NoClaims, NumericDate, Verified};
use jose_remote::{Discovery, Error, FetchPolicy, RemoteKeys};
use pollster::block_on;

use super::rules::Rules;
use crate::failure::{Exit, Failure};
use crate::fetch::Client;

#[derive(Args, Debug)]
pub(super) struct RemoteArgs {
    /// Fetches the keys from this URL, a JWK Set
    #[arg(long, value_name = "URL")]
    jwks_url: Option<String>,
    /// Fetches the keys of this issuer by its metadata, and accepts its tokens alone
    #[arg(long, value_name = "URL", conflicts_with = "jwks_url")]
    issuer: Option<String>,
    /// Takes http URLs of this machine
    #[arg(long)]
    allow_http_loopback: bool,
}

impl RemoteArgs {
    pub(super) fn is_given(&self) -> bool {
        self.jwks_url.is_some() || self.issuer.is_some()
    }

    /// Whether the tokens must be of the issuer that the keys are from.
    pub(super) fn names_issuer(&self) -> bool {
        self.issuer.is_some()
    }

    /// Verifies with fetched keys.
    pub(super) fn verify(
        &self,
        rules: &Rules,
        token: &str,
        now: NumericDate,
    ) -> Result<Verified<NoClaims>, Failure> {
        let algs: AlgSet<JwsAlg> = if rules.alg.is_empty() {
            let is_fit = |alg: &JwsAlg| !alg.is_symmetric() && alg.status() != Status::Prohibited;
            JwsAlg::ALL.iter().copied().filter(is_fit).collect()
        } else {
            AlgSet::of(&rules.alg)
        };
        let policy = if self.allow_http_loopback {
            FetchPolicy::new().allow_http_loopback()
        } else {
            FetchPolicy::new()
        };
        let url = self.jwks_url.as_deref().or(self.issuer.as_deref()).unwrap_or_default();
        let fail = |error| explain(rules, &error, token, now);
        let verifier = match &self.issuer {
            Some(issuer) => {
                let issuer =
                    block_on(Discovery::new(issuer.as_str(), algs).policy(policy).fetch(Client::default()));
                issuer.map_err(fail)?.verifier(|verifier| rules.apply_to_issuer(verifier))
            }
            None => {
                let keys = RemoteKeys::builder(url, algs).policy(policy).build(Client::default());
                keys.map_err(fail)?.verifier(|verifier| rules.apply(verifier))
            }
        };
        block_on(verifier.verify_by(|verifier| verifier.at(now).verify::<NoClaims>(token))).map_err(fail)
    }
}

fn explain(rules: &Rules, error: &Error, token: &str, now: NumericDate) -> Failure {
    match error {
        Error::Token(error) => rules.explain(error, token, now, None),
        error if error.is_refusal() => Failure::refused(error),
        Error::Url | Error::UrlInsecure | Error::Symmetric => Failure::unfit(error),
        error => Failure::refused(error).with_exit(Exit::Unreachable),
    }
}
