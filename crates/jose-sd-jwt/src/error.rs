use alloc::string::String;

use jose_jwt::jwa::errors;

errors! {
    /// Why an SD-JWT was not created, or not accepted as valid.
    #[derive(Clone, Debug, PartialEq, Eq)]
    #[non_exhaustive]
    pub enum Error {
        /// The issuer-signed JWT: its form, its signature or its claims.
        Jwt(error: jose_jwt::Error) from error => error.code(), "{error}";
        /// The text has no `~`: it is a JWT without selective disclosure, or cut off.
        Separator => "separator", "the text has no `~`: it is no SD-JWT, or it is cut off";
        /// The JSON serialization is not one strict JSON object.
        Json(error: jose_b64::Error) from error => "json", "the text is not a JSON object: {error}";
        /// A member of the JSON serialization is missing, of the wrong type, or where it may not be.
        Member(name: &'static str) => "member", "the member {name} of the JSON serialization is missing, of the wrong type or in the wrong place";
        /// The text is longer than allowed.
        TooLong {
            /// The maximum length, in bytes.
            max: usize,
        } => "too-long", "the SD-JWT is longer than {max} bytes";
        /// There are more disclosures than allowed.
        DisclosuresTooMany {
            /// The maximum number.
            max: usize,
        } => "disclosures-too-many", "there are more than {max} disclosures";
        /// `_sd_alg` names no hash function that is supported.
        HashUnknown => "hash-unknown", "_sd_alg is not the name of a supported hash function (sha-256, sha-384, sha-512)";
        /// A disclosure is malformed, or does not go where its digest is.
        Disclosure {
            /// Its place among the disclosures of the message, from 0.
            index: usize,
            /// What is wrong with it.
            reason: DisclosureError,
        } from reason => reason.code(), "the disclosure at place {index} {reason}";
        /// A digest is there more than once.
        DigestRepeated => "digest-repeated", "a digest is in the SD-JWT more than once";
        /// `_sd` is not an array of strings, or `...` not the only member of an array's element with a string.
        DigestMisplaced => "digest-misplaced", "a digest is malformed or where none may be";
        /// The payload has a claim named `...`, or a nested one named `_sd_alg`; or claims to be issued have one of these or
        /// `_sd`.
        NameReserved => "name-reserved", "a claim is named `_sd`, `_sd_alg` or `...`, which are reserved";
        /// Key binding is required, and there is no Key Binding JWT.
        KeyBindingMissing => "key-binding-missing", "there is no Key Binding JWT, and key binding is required";
        /// There is a Key Binding JWT where none is accepted.
        KeyBindingUnexpected => "key-binding-unexpected", "there is a Key Binding JWT, and none is accepted here (`SdJwtVerifier::with_key_binding` requires one)";
        /// The SD-JWT names no key of its holder (`cnf` with `jwk`), or none that may be used.
        HolderKey => "holder-key", "cnf holds no public key (`jwk`) that serves one of the allowed algorithms";
        /// The Key Binding JWT is not valid.
        KeyBinding(error: jose_jwt::Error) from error => "key-binding", "the Key Binding JWT is not valid: {error}";
        /// The Key Binding JWT is for another presentation.
        SdHash => "sd-hash", "the Key Binding JWT is for another presentation: sd_hash is not its digest";
        /// The SD-JWT is not a verifiable credential of an expected type.
        CredentialType => "credential-type", "the SD-JWT is no verifiable credential (typ dc+sd-jwt) of an expected type (vct)";
        /// A claim that decides validity is selectively disclosed, or was to be.
        NotDisclosable {
            /// The claim's name.
            claim: &'static str,
        } => "not-disclosable", "the claim {claim} decides validity and may not be selectively disclosable";
        /// A JSON Pointer names nothing that is there, or is malformed.
        Pointer(pointer: String) => "pointer", "the JSON Pointer {pointer:?} names no claim";
        /// The form has no place for what is to be written: several signatures, or an unprotected header in the compact form.
        Form => "form", "the message has several signatures or an unprotected header, which this form has no place for";
        /// A status list is malformed, or inflates to more than allowed.
        StatusList => "status-list", "the status list is malformed or too large";
        /// A status list has no entry of this index.
        StatusIndex => "status-index", "the status list has no entry with this index";
        /// The value does not fit into the bits of the status list.
        StatusValue => "status-value", "the status does not fit into the bits of the status list";
        /// The status list token is signed with a shared secret.
        StatusMac => "status-mac", "the status list token is signed with a shared secret, which is forbidden";
        /// The random number generator failed.
        Rng => "rng", "the random number generator failed";
    }
}

impl Error {
    /// Whether what was received was refused. Otherwise the caller's own side failed: its clock, its keys or its random
    /// numbers, or what it wanted to create.
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        match self {
            Self::Jwt(error) | Self::KeyBinding(error) => error.is_refusal(),
            Self::Pointer(_) | Self::Form | Self::Rng | Self::StatusValue => false,
            _ => true,
        }
    }
}

impl From<jose_jwt::Error> for Error {
    fn from(error: jose_jwt::Error) -> Self {
        Self::Jwt(error)
    }
}

impl From<jose_jwt::jws::Error> for Error {
    fn from(error: jose_jwt::jws::Error) -> Self {
        Self::Jwt(error.into())
    }
}

errors! {
    /// What is wrong with a disclosure.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    #[non_exhaustive]
    pub enum DisclosureError {
        /// It is not strict base64url.
        Encoding => "disclosure-encoding", "is not base64url";
        /// It is not a strict JSON array of a salt, a name (of a claim) and a value, or of a salt and a value.
        Malformed => "disclosure-malformed", "is not a JSON array of salt, name and value or of salt and value";
        /// It is of a claim, and its digest is an array's element; or the other way round.
        Kind => "disclosure-kind", "is of an array's element and stands for a claim, or the other way round";
        /// Its claim is named `_sd`, `_sd_alg` or `...`.
        Name => "disclosure-name", "is of a claim with a reserved name";
        /// A claim of the same name is there already.
        ClaimTwice => "disclosure-claim-twice", "is of a claim that is there already";
        /// It is there more than once.
        Repeated => "disclosure-repeated", "is there more than once";
        /// No digest in the payload, or in another disclosure that is referenced, is its own.
        Unreferenced => "disclosure-unreferenced", "is not referenced by a digest";
    }
}
