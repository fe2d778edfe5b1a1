crate::errors! {
    /// Why a JOSE header was refused, when received or when written.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    #[non_exhaustive]
    pub enum HeaderError {
        /// The header is not strict base64url, or not one strict JSON object.
        Encoding(error: jose_b64::Error) from error => error.code(), "header: {error}";
        /// The header exceeds [`MAX_HEADER_LEN`](crate::header::MAX_HEADER_LEN).
        TooLong => "header-too-long", "the header is longer than 16384 bytes";
        /// A required parameter is missing.
        Missing(name: &'static str) => "parameter-missing", "the header has no {name}";
        /// A parameter has the wrong JSON type, or a value that its definition rules out.
        Invalid(name: &'static str) => "parameter-invalid", "the header parameter {name} has a wrong type or value";
        /// The decoded value of a parameter has the wrong length.
        Length(name: &'static str) => "parameter-length", "the header parameter {name} has a wrong length";
        /// A parameter that must be integrity protected is outside of the protected header.
        Unprotected(name: &'static str) => "parameter-unprotected", "the header parameter {name} is not in the protected header";
        /// The caller sets a parameter that comes from the key or the call.
        Reserved(name: &'static str) => "parameter-reserved", "{name} comes from the key or the call and cannot be set in the header";
        /// The caller sets a parameter twice.
        Duplicate => "parameter-duplicate", "a header parameter is set twice";
        /// `crit` is empty, not a list of names, or repeats a name (RFC 7515 section 4.1.11).
        CritMalformed => "crit-malformed", "crit is not a list of different names";
        /// `crit` is not in the protected header.
        CritUnprotected => "crit-unprotected", "crit is not integrity protected";
        /// `crit` names a parameter that the specifications themselves define.
        CritRegistered => "crit-registered", "crit names a parameter that RFC 7515, 7516 or 7518 defines";
        /// `crit` names a parameter that the header does not have.
        CritAbsent => "crit-absent", "crit names a parameter that the header does not have";
        /// `crit` names an extension that the caller does not understand.
        CritNotUnderstood => "crit-not-understood", "crit names an extension that is not understood here";
        /// A parameter is in more than one of the headers of a message.
        NotDisjoint => "headers-not-disjoint", "a parameter is in more than one header of the message";
    }
}

impl From<jose_b64::Error> for HeaderError {
    fn from(error: jose_b64::Error) -> Self {
        Self::Encoding(error)
    }
}
