//! C5: RSA signatures that are none of JWS, by the same key as two that are.

use jose_jws::{AlgSet, Error, VerifyingKey, compact};

use crate::help::jwk;

const KEY: &str = "\
    {\"kty\":\"RSA\",\"n\":\"yre8M2lEFQP0G7VAO2uKafc8uU6YWhAtnk0g5ZTqmrf5vY1U3etTsgTUXTPxbgevsgCC-Hy0gC5AC\
    MtXjwrYFZVcPrzDjIxeHmMVWfbCCotGGDLb_muxceLoBsNzQ7WAFd-Hx1HcPdedmTIPUmVNeS1-QzsrGFVxkPmL9txB6fFhwDzuawK\
    AGr2-U1UX5YkUTvzFXiyNmzdkalsMC3xa6AHOf8dSBbuSZ_rrAL15RCmkUj34nhe4oP8dnIMxp_q3osLTa-9_N73ZZeipNtEq3GL3u\
    vWRZexSRQ8pM_4q5k5_IXLUlQqFMlCi3gLpEkD4UVRtCp399LLM5rp10C320Q\",\"e\":\"AQAB\"}";

/// What the signature is, and the token.
const REFUSED: &[(&str, &str)] = &[
    (
        "PKCS #1 v1.5 with SHA-1 under RS256",
        "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UifQ.LWiUTSHBp8GzRD-_S2A1praRorsypVWjMHPQ7jZWUtb2IK4W\
         oc4xuQna1AH1Jf7lrBeczO08pFr9CH0ajCpPMh1VbSJdqQk3AZnhtwlRS17EXp0V6JGFKMh3QFLezeQxxmnJ16Q5\
         BITKU_zkJ_R988Ywf9H5vE8Gc57yJ76X1KCQmzFqfhDsHVdugePEz-pxaESc_XXYIZiO4rwUwiBE_1Ldiml_7YhD\
         sW98UTVES8PrZUwdBL0hB4Jo18RLeIfufBiByO_JsObgCz_7Zm6wDh3oobLiD8DXOzaxWvCqhuGnD7CVF9X1G3Tr\
         QMeMIEX_xlqw9Mis21zit8aHpT1T3A",
    ),
    (
        "one bit changed",
        "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UifQ.fperq2c3Z6Uc0Vzu885qB2ZpMJAupSp2_CFVFxRbPQuMpoxf\
         0dJ71jMtEetLj0ycLADC22V8_c74PjbLOQhfe6xgr4KB9LH6oF4JbrOcuANTinpLA7jv8Ys6ftM_tcuV_9XxI69t\
         LJn-E84Fb5wPOvGFZAkt2hVnUEMQLN9-I6sY4pMmB_eWbcse0NDWA86D3JtrQnU4IK-DlBrxXCtT0zKIl63rvcRW\
         qm7WOb9GiAiUW3DMrVwSM2vGs0T7Az0W0O_jsgL3H41NFBg-XvLdwpfxLawHU_y5csqFovOKV9psDIkmDw0L5eqT\
         E83CEd1eGKCu9qupEERENTLvZ05U5g",
    ),
    (
        "a leading zero byte is gone",
        "eyJhbGciOiJSUzI1NiJ9.eyJuIjoyNzN9.bWfaBvD_2oWgQKz7ygbBB4Zd5jiAUBCcsa4rRS-43g_lxNfNdB2ALR\
         lQMzLU8mX6wJttqIMyP_65JdCaxUS_ThPwDGtA3rxpscLuxmwZMjQFsSRGQno9kK9F_oVBlpI-JX3IBcevDMJpJP\
         b0k4ut4QTO-HUSQXDsvAq5GOqDXDQzAFScVwI8TcGP2LsapJrNIRUp2NtYwAsyHzRanbh16YzQ6RETw7at6A73nR\
         AxveCgy69wIZM8UE_aW-g--JEGqnfTkQ4_0n3xdeZU0B7_Qj1aSGQuDyI6gTzcOWKgvBgo1aIyMgF8CmsbP9_u7H\
         R-Twh4AUFMzmuIvQRtqVej",
    ),
    (
        "a zero byte comes first",
        "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UifQ.AH6Xq6tnN2elHNFc7vPOagdmaTCQLqUqdvwhVRcUWz0LjKaM\
         X9HSe9YzLRHrS49MnCwAwttlfP3O-D42yzkIX3usYK-CgfSx-qBeCW6znLgDU4p6SwO47_GLOn7TP7XLlf_V8SOv\
         bSyZ_hPOBW-cDzrxhWQJLdoVZ1BDECzffiOrGOKTJgf3lm3LHtDQ1gPOg9yba0J1OCCvg5Qa8VwrU9MyiJet673E\
         Vqpu1jm_RogIlFtwzK1cEjNrxrNE-wM9FtDv47IC9x-NTRQYPl7y3cKX8S2sB1P8uXLKhaLzilfabAyJJg8NC-Xq\
         kxPNwhHdXhigrvarqRBERDUy72dOVOc",
    ),
    (
        "nothing but zeros",
        "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UifQ.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\
         AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\
         AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\
         AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\
         AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    ),
    (
        "PSS with a salt of 20 bytes",
        "eyJhbGciOiJQUzI1NiJ9.eyJpc3MiOiJqb2UifQ.cWLZ5CuDG_7lc654NTBv5I4N4T2sRHcmM9r78q7_R3tlGD1A\
         c6zp5ZOjWkqQyqjIjSIgTWjzRqx6ob0qbhMXoLo2lsIDlexPHUkoVM_VnvhfjeiiTaie8SCzRz2e1d-XyAYAqB2I\
         LYAfysR-fevHucMH0pG4coWft2gpmzZbPIt0rOvxfDCE2uhYOlFGAgRmQmPc8OeBojypesQQKjdAZem285rJfrYf\
         PSz1vVlh4yYlHSky5CK20aAHvG7tiFl96_9oA4dqfAZdCrsRFWUiva4fRtqYj9Idc6V5oh0ORagDoMWV97GfvrcV\
         R1znbspaPcv3UVYWqP_epRG24xCzYA",
    ),
    (
        "PSS without salt",
        "eyJhbGciOiJQUzI1NiJ9.eyJpc3MiOiJqb2UifQ.MCI_nbbgBGO84uPmWKXaIYwy6GcphMq_LIPjt0mnO0gcWnjn\
         6NGGtSIvikSt0UgWdsR317Qne8FRE1COZ2AeF4llHhvL9CILzAr05Oca71-GqSFTDH85Sks80kyCHLIc5fhaqcNN\
         AxB0dCccb_ZBP-okkjDBm5zFwc7nd90wJM4mqTfBkL5x4JJ5HQd9YPgIb0dAEI6JZ1ix0RkBMC4MYe1A6ZWRYjAK\
         DNOq7Rv2n16PPmcjCrgPDAM_BKZRZGVGhNqkBIX21jOFOXOSOUE_YDVms6YgQREX9CPk1VykXq6zuTCiKOOd7OA4\
         Kp9wcBFeYhwGGq9SlBXxn57KpzTz0A",
    ),
    (
        "PSS with SHA-1 in MGF1",
        "eyJhbGciOiJQUzI1NiJ9.eyJpc3MiOiJqb2UifQ.bGLFOYfqn3HXzz25X_V4DoU0AJsdovbXJ5LShFg1e3Jw6OF2\
         0dMhvrQ1jQAdfLriCKP_3eHXS4RtQxTVjFY0SuA4BELv8oHPnTXoQFAJa1u768LAokxoqtu9xVy18XD5X-aMBZ-5\
         2sfewL-Qb3VJ41u02frDDpC3PtE4J57QQej_qSGo8rEBV8Q-BEjcQj0YiU_URhL3y2O42cmJIaVVOJ8ePZAUfsN9\
         ZnkckyzGaxI255Ae45y7kc445Yh1pjcQMEyh-SVAjHEQvjRgZSx1qeu2spjaKO18bZliy_pIpTDqSr7Ydr-0y7QP\
         dZpLxq3b16tQkpdEqqonSFdSYjYieg",
    ),
    (
        "PKCS #1 v1.5 under PS256",
        "eyJhbGciOiJQUzI1NiJ9.eyJpc3MiOiJqb2UifQ.o5aePHOwijR4WepvFw6ao_5n9GKPaGGFyIp6qQ49-0UtOxZi\
         ty6lixyOyD_bZ4UGxOvI24aY9eIRylniJvYtpQgczCWuAJ4U3WJ8GeG2MqEkX8RepgSVLyGnaMhZ218wzg1SW8jg\
         V5Rka4U_mTxkjg2Ai6yNI3-CLhY73fD98jG6bXEuh6pepmbr1CdodCkpw4xaBNftf9gDHMStRkPCIp6JgXrXSHQF\
         xfP4nRykHCcB2X3pKteqoukgY9-AR--9t1AidflxN-Z-XWSu6FzfZ_4_2y9SU3lkiyk6SnGzJ5sBYSH44F26XuXb\
         lcky8Fau8FAY6JEwrR0Eo00dI2P4lQ",
    ),
    (
        "PSS under RS256",
        "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UifQ.uBk1P_VriB4u9hpavTP2wS-3MUEPSFb41b07QfhrK9erDoJF\
         l5bK0YgONWRT-QbyF-GOxIHD0r1lhj9WP-gThJ68KC_GNuShoANDygtuv6OzerxmGE86S1t8VcHkL66RoJbO43Gj\
         XqIT60NgxuMmyWGFF5JsXWF7j02SxXAxohphRysR1IzP2zPqcUkNTJemD4IaYssU3Vr2ANLhOcSx3RthxP5eAXE-\
         EV-fX-WEmLQ-yVCetGcPih98HxdP85-degy-dIJKwJTOZwnhx8OplCW724PinIG3wMTJFPIDev6kmmkbQv2mJwWo\
         wrxslzQDvYu6l55CLOeoWmyGhH5gGw",
    ),
];

/// RS256 and PS256, as they should be.
const TAKEN: &[&str] = &[
    "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UifQ.fperq2c3Z6Uc0Vzu885qB2ZpMJAupSp2_CFVFxRbPQuMpoxf\
     0dJ71jMtEetLj0ycLADC22V8_c74PjbLOQhfe6xgr4KB9LH6oF4JbrOcuANTinpLA7jv8Ys6ftM_tcuV_9XxI69t\
     LJn-E84Fb5wPOvGFZAkt2hVnUEMQLN9-I6sY4pMmB_eWbcse0NDWA86D3JtrQnU4IK-DlBrxXCtT0zKIl63rvcRW\
     qm7WOb9GiAiUW3DMrVwSM2vGs0T7Az0W0O_jsgL3H41NFBg-XvLdwpfxLawHU_y5csqFovOKV9psDIkmDw0L5eqT\
     E83CEd1eGKCu9qupEERENTLvZ05U5w",
    "eyJhbGciOiJQUzI1NiJ9.eyJpc3MiOiJqb2UifQ.kapPOP-2F7z8xxtIZw74_oEJSoz3_SgrbMKByKGooLsyiTjz\
     bFyuh-Cuv812E0asWWIy0gHmAAMeHOm1KvZLVvv8L4YORLOuXauCwYOs9ny9RdKGNwmohyUlxM3Ekk2_iOmqCKSI\
     DLmulWXronsfB68MmXHlMdOaXlE7QD0SQrnDh8G1a-Twjeue4XnBOZCjX1LMrLGzxjWfxVK3epo8Npq3TvB706jc\
     McT8Wc8Y5WFMN-m16qGECTmLJmnrXxpuaZYqQBGObVwBCKwT_2xZElFwgBf1h1VFB5OibxipFSgnUnXpSHir0wU2\
     ChZWL5ip2dM7VQOWXLgzeSGcZ7G5nQ",
];

/// Covers C5, W02.
#[test]
fn padding_and_salt_are_those_of_jws() {
    let key = VerifyingKey::from_jwk(jwk(KEY), AlgSet::all()).unwrap();
    for token in TAKEN {
        compact::verify(&key, token).unwrap();
    }
    for (what, token) in REFUSED {
        assert_eq!(compact::verify(&key, token).err(), Some(Error::Signature), "{what}");
    }
}
