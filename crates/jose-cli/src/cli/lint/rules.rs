//! The rules: a stable code each, how much it matters, where it is written, and what to do.

use clap::ValueEnum;

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(super) enum Severity {
    /// Worth knowing
    Note,
    /// Dangerous in some places, or refused by some
    Warning,
    /// Dangerous, or refused
    Error,
}

impl Severity {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A rule.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) code: &'static str,
    pub(super) severity: Severity,
    pub(super) section: &'static str,
    /// What is wrong, and what comes of it.
    pub(super) says: &'static str,
    pub(super) remedy: &'static str,
}

macro_rules! rules {
    ($($name:ident = $code:literal, $severity:ident, $section:literal, $says:literal, $remedy:literal;)*) => {
        $(pub(super) const $name: &Rule = &Rule {
            code: $code,
            severity: Severity::$severity,
            section: $section,
            says: $says,
            remedy: $remedy,
        };)*

        /// All of them.
        pub(super) const ALL: &[&Rule] = &[$($name),*];
    };
}

rules! {
    // Any text.
    MALFORMED = "malformed", Error, "RFC 7515 section 7.1, RFC 7516 section 7.1, RFC 7517 section 4",
        "it cannot be read, and is refused", "write it anew with a library that keeps the RFC";
    DUPLICATE_MEMBER = "duplicate-member", Error, "RFC 7515 section 4, RFC 7519 section 4, RFC 8259 section 4",
        "a name is there twice: some libraries take the first, others the last", "leave one of them out";
    PADDING = "padding", Error, "RFC 7515 section 2",
        "base64url is padded or in another alphabet: some libraries take it, others refuse it", "write base64url without `=`";

    // Headers.
    ALG_NONE = "alg-none", Error, "RFC 8725 section 3.2, RFC 7518 section 3.6",
        "nothing is signed: anybody can write such a token", "sign it, and refuse `none` where tokens are verified";
    ALG_MISSING = "alg-missing", Error, "RFC 7515 section 4.1.1, RFC 7516 section 4.1.1",
        "the header has no alg", "write the algorithm into the protected header";
    ALG_UNKNOWN = "alg-unknown", Warning, "RFC 7518 section 7.1",
        "the algorithm is not registered, or not known to josec", "take a registered one: `josec algorithms` lists them";
    ALG_DEPRECATED = "alg-deprecated", Warning, "RFC 8725 section 3.2, RFC 9864 section 4",
        "the algorithm is deprecated", "take another one, such as Ed25519 in place of EdDSA: `josec algorithms` lists their status";
    ALG_UNPROTECTED = "alg-unprotected", Warning, "RFC 7515 section 10.7, RFC 8725 section 3.1",
        "the algorithm stands in a header that is not signed: anybody can replace it", "write it into the protected header";
    CRIT_UNKNOWN = "crit-unknown", Error, "RFC 7515 section 4.1.11",
        "an extension is critical that few understand: others must refuse the token", "leave it out, or name it to each verifier";
    CRIT_MALFORMED = "crit-malformed", Error, "RFC 7515 section 4.1.11",
        "crit is empty, names a parameter that is not there or a registered one, or is no list of names", "correct it";
    HEADER_URL = "header-url", Warning, "RFC 8725 section 3.10",
        "the header says where to fetch the key: who follows it fetches for whoever wrote the token", "name the key by kid";
    HEADER_KEY = "header-key", Warning, "RFC 7515 section 4.1.3, RFC 8725 section 3.10",
        "the header brings its own key: who believes it accepts any token", "name the key by kid, unless this is a proof such as DPoP";
    TYP_MISSING = "typ-missing", Note, "RFC 8725 section 3.11",
        "the header does not say what kind of JWT this is: it may be taken for another kind", "write an explicit typ, such as at+jwt";
    ZIP = "zip", Warning, "RFC 8725 section 3.6, RFC 7516 section 4.1.3",
        "the plaintext is compressed: its length tells something of it, and it may be a bomb", "encrypt it uncompressed";
    P2C_LOW = "p2c-low", Warning, "RFC 7518 section 4.8.1.2, RFC 8018 section 4.2",
        "the password is hashed with few iterations, and can be guessed fast", "take p2c of 600000 or more, or a random key";
    P2C_HIGH = "p2c-high", Error, "RFC 7518 section 8.1",
        "p2c asks for more work than a message is worth, and is refused", "take p2c of at most 1000000";

    // Claims.
    EXP_MISSING = "exp-missing", Error, "RFC 7519 section 4.1.4, RFC 6750 section 5.3",
        "it never expires: who steals it keeps it", "write exp, minutes to hours from now";
    EXPIRED = "expired", Error, "RFC 7519 section 4.1.4", "it has expired, and is refused", "get a new one";
    NOT_YET_VALID = "not-yet-valid", Error, "RFC 7519 section 4.1.5",
        "it is not valid yet, and is refused", "wait, or compare the clocks";
    DATE_INVALID = "date-invalid", Error, "RFC 7519 section 2",
        "a date is no number of seconds since 1970", "write a JSON number, in seconds and not in milliseconds";
    DATE_MILLISECONDS = "date-milliseconds", Error, "RFC 7519 section 2",
        "a date is so far off that it must be meant in milliseconds: the token never expires", "divide it by 1000";
    DATES_CONTRADICT = "dates-contradict", Error, "RFC 7519 sections 4.1.4 and 4.1.5",
        "it expires before it is valid or issued", "correct the dates";
    LIFETIME_LONG = "lifetime-long", Warning, "RFC 6750 section 5.3, RFC 9700 section 4.10",
        "it is valid for long: who steals it can use it for as long", "let it expire sooner, and issue it anew";
    ISSUED_IN_FUTURE = "issued-in-future", Warning, "RFC 7519 section 4.1.6",
        "it is issued in the future: some libraries refuse it", "compare the clocks";
    AUD_MISSING = "aud-missing", Warning, "RFC 8725 section 3.9",
        "it does not say whom it is for: whoever receives it can pass it on to others that trust the issuer", "write aud";
    ISS_MISSING = "iss-missing", Warning, "RFC 8725 section 3.8",
        "it does not say who issued it", "write iss";

    // Keys.
    SECRET_SHORT = "secret-short", Error, "RFC 7518 section 3.2, RFC 8725 section 3.5",
        "the secret is shorter than the hash: it can be guessed from one token, and is refused", "make one: `josec key new HS256`";
    RSA_SHORT = "rsa-short", Error, "RFC 7518 sections 3.3 and 4.2",
        "the modulus has fewer than 2048 bits, and is refused", "make a new key: `josec key new rsa`";
    RSA_EXPONENT = "rsa-exponent", Error, "RFC 8017 section 3.1, FIPS 186-5 section 5.1",
        "the public exponent is too small, too large or even, and is refused", "make a key with the exponent 65537: `josec key new rsa`";
    RSA_ROCA = "rsa-roca", Error, "CVE-2017-15361",
        "the private key can be computed from the public one", "replace the key now, and what made it";
    KEY_WEAK = "key-weak", Error, "RFC 8725 section 3.4",
        "the key is refused", "make a new key: `josec key new`";
    KEY_PRIVATE_IN_SET = "private-in-set", Error, "RFC 7517 section 9.2",
        "the set has a private key: who can read it can sign", "publish what `josec key public` makes of it; `--private` says that it is kept secret";
    KEY_SYMMETRIC_IN_SET = "symmetric-in-set", Error, "RFC 7517 section 9.2, RFC 8725 section 2.1",
        "the set has a secret: who can read it can sign, and a public key may be taken for one", "keep secrets apart; `--private` says that the set is kept secret";
    KID_REPEATED = "kid-repeated", Error, "RFC 7517 section 4.5",
        "several keys have one kid: which of them is taken is a matter of chance", "name each by its thumbprint: `josec key thumbprint`";
    KID_MISSING = "kid-missing", Warning, "RFC 7517 section 4.5",
        "a key of the set has no kid: tokens cannot name it", "name it by its thumbprint before it goes into the set: `josec key convert --kid`";
    KEY_ALG_MISMATCH = "alg-mismatch", Error, "RFC 7517 section 4.4, RFC 8725 section 3.1",
        "the key's alg is not one of its type", "correct alg, or leave it out";
    KEY_ALG_MISSING = "alg-not-stated", Note, "RFC 7517 section 4.4, RFC 8725 section 3.1",
        "the key does not say which algorithm it is for", "write alg, in a set before the key goes into it: `josec key convert --alg`";
    KEY_USE_CONTRADICTS = "use-contradicts", Error, "RFC 7517 section 4.3",
        "use and key_ops contradict each other", "leave one of them out";
    KEY_UNUSABLE = "key-unusable", Warning, "RFC 7517 section 5",
        "a key of the set cannot be read, and is passed over", "correct it, or leave it out";
    KEY_MEMBER = "member-set-aside", Note, "RFC 7517 section 4",
        "a member that says nothing of the key itself is malformed, and is passed over", "correct it";
    X5C_MISMATCH = "x5c-mismatch", Error, "RFC 7517 sections 4.7 to 4.9",
        "x5c cannot be read or is not of this key, or a thumbprint is not that of the certificate", "write the chain of this key";
    CERTIFICATE_EXPIRED = "certificate-expired", Warning, "RFC 5280 section 4.1.2.5",
        "a certificate has expired or is not valid yet", "renew it";
    SET_EMPTY = "set-empty", Warning, "RFC 7517 section 5.1", "the set has no key", "publish at least one";
}

#[cfg(test)]
mod tests {
    use super::ALL;

    #[test]
    fn each_code_stands_once_in_kebab_case() {
        for (index, rule) in ALL.iter().enumerate() {
            assert!(ALL.iter().skip(index + 1).all(|other| other.code != rule.code), "{}", rule.code);
            assert!(
                rule.code.chars().all(|character| character == '-'
                    || character.is_ascii_lowercase()
                    || character.is_ascii_digit()),
                "{}",
                rule.code
            );
            assert!(!rule.section.is_empty() && !rule.says.is_empty() && !rule.remedy.is_empty());
        }
    }
}
