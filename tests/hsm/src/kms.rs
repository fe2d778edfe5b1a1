//! A key management service on loopback that is as unfriendly as they are: it answers in DER, throttles, and at times not at all.

use std::io::{self, BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::Duration;

use jose_jwt::jws::AsyncKey;
use jose_jwt::jws::alg::{Es256, ecdsa_from_der};
use jose_jwt::signature::{self, AsyncSigner};
use jose_jwt::{Claims, Curve, JwsAlg, JwtVerifier, NoClaims, PublicJwk, VerifyingKey};
use openssl::bn::{BigNum, BigNumContext};
use openssl::ec::{EcGroup, EcKey, PointConversionForm};
use openssl::ecdsa::EcdsaSig;
use openssl::nid::Nid;
use openssl::pkey::Private;
use p256::ecdsa::Signature;
use sha2::{Digest, Sha256};

use crate::Result;

/// How many signatures the service gives.
const SIGNATURES: usize = 10_000;

/// How long the client waits for an answer, and how often it asks again.
const PATIENCE: Duration = Duration::from_millis(50);
const ATTEMPTS: usize = 5;

/// The service. It answers lines: `public` with `kid` and the point, `sign` and a digest with a signature in DER; in hexadecimal.
struct Service {
    key: EcKey<Private>,
    /// Requests for the public key, requests for signatures, and signatures that it gave.
    published: AtomicUsize,
    asked: AtomicUsize,
    signed: AtomicUsize,
}

impl Service {
    fn start() -> Result<(SocketAddr, Arc<Self>)> {
        let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1)?;
        let counts = || AtomicUsize::new(0);
        let key = EcKey::generate(&group)?;
        let service = Arc::new(Self { key, published: counts(), asked: counts(), signed: counts() });
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let (addr, running) = (listener.local_addr()?, Arc::clone(&service));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let service = Arc::clone(&running);
                thread::spawn(move || drop(service.serve(&stream)));
            }
        });
        Ok((addr, service))
    }

    fn serve(&self, mut stream: &TcpStream) -> Result<()> {
        for line in BufReader::new(stream).lines() {
            let line = line?;
            let answer = match line.split_once(' ') {
                Some(("sign", digest)) => {
                    // Of twenty requests, one is throttled and one stays without an answer.
                    match self.asked.fetch_add(1, Ordering::SeqCst) % 20 {
                        7 => "throttled".to_owned(),
                        13 => continue,
                        _ => {
                            self.signed.fetch_add(1, Ordering::SeqCst);
                            hex(&EcdsaSig::sign(&bytes(digest)?, &self.key)?.to_der()?)
                        }
                    }
                }
                _ => {
                    self.published.fetch_add(1, Ordering::SeqCst);
                    format!("kms-1 {}", hex(&self.point()?))
                }
            };
            stream.write_all(format!("{answer}\n").as_bytes())?;
        }
        Ok(())
    }

    fn point(&self) -> Result<Vec<u8>> {
        let mut context = BigNumContext::new()?;
        let form = PointConversionForm::UNCOMPRESSED;
        Ok(self.key.public_key().to_bytes(self.key.group(), form, &mut context)?)
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn bytes(hex: &str) -> Result<Vec<u8>> {
    let digits = hex.as_bytes().chunks(2).map(|pair| Ok(u8::from_str_radix(std::str::from_utf8(pair)?, 16)?));
    digits.collect()
}

/// A client of the service, and so a key.
struct Kms {
    addr: SocketAddr,
    public: OnceLock<PublicJwk>,
}

impl Kms {
    fn ask(&self, line: &str) -> io::Result<String> {
        let mut stream = TcpStream::connect(self.addr)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.write_all(format!("{line}\n").as_bytes())?;
        let mut answer = String::new();
        BufReader::new(&stream).read_line(&mut answer)?;
        Ok(answer.trim_end().to_owned())
    }

    /// The public key, asked for once.
    fn public(&self) -> Result<&PublicJwk> {
        if let Some(public) = self.public.get() {
            return Ok(public);
        }
        let answer = self.ask("public")?;
        let (kid, point) = answer.split_once(' ').ok_or("no public key")?;
        let public = PublicJwk::from_raw(Curve::P256, &bytes(point)?)?;
        let public = public.as_jwk().clone().with_kid(kid).to_public()?;
        Ok(self.public.get_or_init(|| public))
    }
}

impl AsyncSigner<Signature> for Kms {
    /// Asks again where the service throttles or is silent. A program of yours waits between the attempts, and asks asynchronously.
    async fn sign_async(&self, message: &[u8]) -> std::result::Result<Signature, signature::Error> {
        let line = format!("sign {}", hex(&Sha256::digest(message)));
        for _ in 0..ATTEMPTS {
            match self.ask(&line) {
                Ok(answer) if answer != "throttled" => {
                    let der = bytes(&answer).map_err(|_| signature::Error::new())?;
                    let signature =
                        ecdsa_from_der(JwsAlg::Es256, &der).map_err(signature::Error::from_source)?;
                    return Signature::from_slice(&signature);
                }
                _ => {}
            }
        }
        Err(signature::Error::new())
    }
}

/// A JWT of each signature is verified here, and the signature once more by OpenSSL.
pub(crate) fn check() -> Result<()> {
    let (addr, service) = Service::start()?;
    let kms = Kms { addr, public: OnceLock::new() };
    let public = kms.public()?.clone();
    let verifier =
        JwtVerifier::new(VerifyingKey::from_jwk(&public, JwsAlg::Es256)?).any_issuer().audience("api");
    let claims = Claims::new().audience("api").expires_in(Duration::from_secs(600));
    let key = AsyncKey::<Es256, _>::external(public.as_jwk(), kms)?;
    for _ in 0..SIGNATURES {
        let token = pollster::block_on(jose_jwt::sign_async(&key, &claims))?;
        verifier.verify::<NoClaims>(&token)?;
        let (input, signature) = token.rsplit_once('.').ok_or("no signature")?;
        let signature = jose_b64::base64url::decode_to_vec(signature.as_bytes())?;
        let (r, s) = signature.split_at_checked(32).ok_or("a short signature")?;
        let signature = EcdsaSig::from_private_components(BigNum::from_slice(r)?, BigNum::from_slice(s)?)?;
        if !signature.verify(&Sha256::digest(input), &service.key)? {
            return Err("OpenSSL refuses a signature".into());
        }
        key.inner().public()?;
    }
    let count = |count: &AtomicUsize| count.load(Ordering::SeqCst);
    let (published, asked, signed) =
        (count(&service.published), count(&service.asked), count(&service.signed));
    // On a busy machine an answer can be late, and is asked for once more.
    if published != 1 || signed < SIGNATURES || asked == signed {
        return Err(format!("{published} requests for the key, {asked} for {signed} signatures").into());
    }
    println!(
        "KMS: {signed} signatures in DER, verified here and by OpenSSL; {} requests failed",
        asked - signed
    );
    // A service that is gone is an error, and no signature.
    let gone = Kms { addr: TcpListener::bind("127.0.0.1:0")?.local_addr()?, public: OnceLock::new() };
    let gone = AsyncKey::<Es256, _>::external(public.as_jwk(), gone)?;
    match pollster::block_on(jose_jwt::sign_async(&gone, &claims)) {
        Err(jose_jwt::Error::Jws(jose_jwt::jws::Error::Signing)) => Ok(()),
        other => Err(format!("a service that is gone: {other:?}").into()),
    }
}
