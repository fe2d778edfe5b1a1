//! Tokens whose `typ` says what they are.

use jose_remote::jwt::profile::Profile;
use jose_remote::jwt::{SigningKey, Token};

use super::{Setting, app, claims, read, with_token};

#[tokio::test]
async fn a_token_of_another_kind_is_refused() {
    let setting = Setting::new();
    let key = SigningKey::try_from(&setting.key.jwk).unwrap();
    let claims = claims(read());
    let token = |typ| Token::new(&claims).typ(typ).sign(&key).unwrap();
    let server = setting.builder().build().unwrap();
    let own = Profile::new("x").typ(&["x+jwt"]).typ_required();
    let with_own = setting.builder().rules(move |rules| rules.profile(own)).build().unwrap();
    for (typ, status, status_with_own) in [
        ("JWT", 200, 401),
        ("jwt", 200, 401),
        ("at+jwt", 200, 401),
        ("application/at+jwt", 200, 401),
        ("x+jwt", 401, 200),
        ("logout+jwt", 401, 401),
        ("dpop+jwt", 401, 401),
        ("secevent+jwt", 401, 401),
    ] {
        let token = token(typ);
        assert_eq!(with_token(&app(&server), "/v1/hello", &token).await.status(), status, "{typ}");
        let answer = with_token(&app(&with_own), "/v1/hello", &token).await;
        assert_eq!(answer.status(), status_with_own, "{typ}");
    }
}
