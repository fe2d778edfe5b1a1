//! Signs with a key that is in another process and never comes here: a stand-in for a KMS.
//!
//! The example starts itself a second time. That process makes a key, listens on 127.0.0.1, and answers two questions:
//! what its public key is, and what its signature of some octets is. This process asks, and puts the token together.
//!
//! Run it with `cargo run -p jose-jws --example kms`. It ends by itself, and so does the other process.

use core::error::Error;
use core::net::{Ipv4Addr, SocketAddr};
use core::time::Duration;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};

use jose_jwk::{Curve, Jwk, JwsAlg, SysRng};
use jose_jws::alg::Es256;
use jose_jws::{AsyncKey, Header, VerifyingKey, compact};
use p256::ecdsa::{Signature, SigningKey};
use signature::{AsyncSigner, Signer as _};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// The argument that makes this program the KMS.
const KMS: &str = "kms";
/// How many questions the KMS answers before it ends.
const QUESTIONS: usize = 2;
/// The most octets of a question or an answer.
const MAX_LEN: usize = 64 * 1024;
/// How long either side waits for the other.
const PATIENCE: Duration = Duration::from_secs(5);

type Result<T, E = Box<dyn Error>> = core::result::Result<T, E>;

fn main() -> Result<()> {
    if std::env::args().nth(1).as_deref() == Some(KMS) {
        return kms();
    }
    let mut child = Command::new(std::env::current_exe()?).arg(KMS).stdout(Stdio::piped()).spawn()?;
    let result = client(&mut child);
    // It has answered all its questions and is gone, or it is of no more use.
    let _ = child.kill();
    child.wait()?;
    result
}

/// The other process: it alone has the private key.
fn kms() -> Result<()> {
    let jwk = Jwk::generate(Curve::P256, &mut SysRng)?.with_kid("kms-key-1");
    let key = SigningKey::from(p256::SecretKey::try_from(&jwk)?);
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    writeln!(io::stdout(), "{}", listener.local_addr()?)?;
    // Nobody comes: end.
    std::thread::spawn(|| {
        std::thread::sleep(PATIENCE * 2);
        std::process::exit(1);
    });
    for _ in 0..QUESTIONS {
        let (mut stream, _) = listener.accept()?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let mut len = [0; 4];
        stream.read_exact(&mut len)?;
        let mut question = vec![0; usize::try_from(u32::from_be_bytes(len))?.min(MAX_LEN)];
        stream.read_exact(&mut question)?;
        let answer = match question.split_first() {
            Some((b'K', _)) => jwk.to_public()?.to_json().into_bytes(),
            Some((b'S', message)) => {
                let signature: Signature = key.sign(message);
                signature.to_vec()
            }
            _ => Vec::new(),
        };
        stream.write_all(&u32::try_from(answer.len())?.to_be_bytes())?;
        stream.write_all(&answer)?;
    }
    Ok(())
}

/// This process.
fn client(child: &mut Child) -> Result<()> {
    let output = child.stdout.take().ok_or("the other process has no output")?;
    let mut line = String::new();
    BufReader::new(output).read_line(&mut line)?;
    let kms = Kms { address: line.trim().parse()? };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async { tokio::time::timeout(PATIENCE, sign(&kms)).await? })
}

async fn sign(kms: &Kms) -> Result<()> {
    let public = Jwk::from_json(kms.ask(b'K', &[]).await?)?;
    // What the key's JWK says of it is checked as for any other key.
    let key = AsyncKey::<Es256, _>::external(&public, kms)?;
    let token = compact::sign_async(&key, br#"{"sub":"dev-7"}"#, &Header::new()).await?;
    writeln!(io::stdout(), "{token}")?;

    let verified = compact::verify(&VerifyingKey::from_jwk(&public, JwsAlg::Es256)?, &token)?;
    writeln!(io::stdout(), "verified: {}", String::from_utf8_lossy(verified.payload()))?;
    Ok(())
}

/// Where the key is.
struct Kms {
    address: SocketAddr,
}

impl Kms {
    async fn ask(&self, what: u8, octets: &[u8]) -> Result<Vec<u8>> {
        let mut stream = TcpStream::connect(self.address).await?;
        let len = u32::try_from(octets.len())?.checked_add(1).ok_or("too long")?;
        stream.write_all(&len.to_be_bytes()).await?;
        stream.write_all(&[what]).await?;
        stream.write_all(octets).await?;
        let len = usize::try_from(stream.read_u32().await?)?;
        if len > MAX_LEN {
            return Err("the answer is too long".into());
        }
        let mut answer = vec![0; len];
        stream.read_exact(&mut answer).await?;
        Ok(answer)
    }
}

impl AsyncSigner<Signature> for &Kms {
    async fn sign_async(&self, message: &[u8]) -> Result<Signature, signature::Error> {
        let octets = self
            .ask(b'S', message)
            .await
            .map_err(|error| signature::Error::from_source(error.to_string()))?;
        Signature::from_slice(&octets)
    }
}
