package main

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"net/http"
	"time"
	"unicode/utf16"

	"github.com/traefik-openwebui/signupwebhook/e2e/internal/identity"
	"github.com/traefik-openwebui/signupwebhook/e2e/internal/webui"
)

const (
	scimToken = "recorded-scim-token"

	// What Chromium offers.
	browserEncodings = "gzip, deflate, br, zstd"
)

// tour is everything that is recorded, in the order in which it has to happen.
func (r *recorder) tour(ctx context.Context, server *webui.Server, provider *identity.Provider) error {
	r.ctx = ctx

	r.take(exchange{
		name: "signup-admin", about: "sign-up of the first user, who becomes admin", want: http.StatusOK,
		path: webui.SignUpPath, body: webui.SignUpBody("Admin", "admin@example.org"),
	})

	if r.err != nil {
		return r.err
	}

	admin := r.answered("token")
	server.UseAdmin(admin)

	r.take(exchange{
		name: "signup-off", about: "refusal: sign-up is switched off", want: http.StatusForbidden,
		path: webui.SignUpPath, body: webui.SignUpBody("Tim", "tim@example.org"),
	})

	r.do(func() error { return server.AllowSignUp(ctx, true) })

	r.signUps()
	r.refusals()
	r.otherDoors(admin)
	r.directory()
	r.exchanges(provider)
	r.secondFactor(ctx, server)

	return r.err
}

func (r *recorder) signUps() {
	r.take(exchange{
		name: "signup-pending", about: "sign-up of the second user, who waits for approval", want: http.StatusOK,
		path: webui.SignUpPath, body: webui.SignUpBody("Tim", "tim@example.org"),
	})
	r.take(exchange{
		name: "signup-unicode", about: "sign-up of somebody whose name has everything in it", want: http.StatusOK,
		path: webui.SignUpPath, body: webui.SignUpBody("Zoë 😀 \u202e<b>&\"\\\n\x00\x1b李", "zoe@example.org"), keep: "its request",
	})

	for _, encoding := range []string{"gzip", "br"} {
		r.take(exchange{
			name: "signup-" + encoding, about: "sign-up, compressed with " + encoding, want: http.StatusOK,
			path: webui.SignUpPath, body: webui.SignUpBody("Tim", encoding+"@example.org"), encodings: encoding,
		})
	}

	r.take(exchange{
		name: "signup-zstd", about: "sign-up, compressed with zstd, as a browser gets it", want: http.StatusOK,
		path: webui.SignUpPath, body: webui.SignUpBody("Tim", "zstd@example.org"), encodings: browserEncodings,
		keep: "its request, with a browser's headers",
	})
	r.take(exchange{
		name: "signup-utf16", about: "sign-up from a UTF-16 body", want: http.StatusOK,
		path: webui.SignUpPath, body: inUTF16(webui.SignUpBody("Tïm", "utf16@example.org")), keep: "its request, the body in UTF-16 with a byte order mark",
	})
	r.take(exchange{
		name: "signup-bom", about: "sign-up from a body with a byte order mark", want: http.StatusOK,
		path: webui.SignUpPath, body: append([]byte("\ufeff"), webui.SignUpBody("Tim", "bom@example.org")...), keep: "its request, the body in UTF-8 behind a byte order mark",
	})
}

func (r *recorder) refusals() {
	r.take(exchange{
		name: "signup-duplicate", about: "refusal: the address is taken", want: http.StatusBadRequest,
		path: webui.SignUpPath, body: webui.SignUpBody("Tim", "tim@example.org"),
	})
	r.take(exchange{
		name: "signup-bad-email", about: "refusal: no e-mail address", want: http.StatusBadRequest,
		path: webui.SignUpPath, body: webui.SignUpBody("Tim", "nowhere"),
	})
	r.take(exchange{
		name: "signup-bad-json", about: "refusal: the body is no JSON", want: http.StatusUnprocessableEntity,
		path: webui.SignUpPath, body: []byte(`{"name":"Tim",`),
	})
	r.take(exchange{
		name: "signup-missing-field", about: "refusal: no password", want: http.StatusUnprocessableEntity,
		path: webui.SignUpPath, body: []byte(`{"name":"Tim","email":"missing@example.org"}`),
	})
	r.take(exchange{
		name: "signup-surrogate", about: "failure: a lone surrogate in the name", want: http.StatusInternalServerError,
		path: webui.SignUpPath, body: []byte(`{"name":"\ud800","email":"surrogate@example.org","password":"` + webui.Password + `"}`),
	})
	r.take(exchange{
		name: "signup-slash", about: "no sign-up: a slash behind the path", want: http.StatusMethodNotAllowed,
		path: webui.SignUpPath + "/", body: webui.SignUpBody("Tim", "slash@example.org"),
	})
	r.take(exchange{
		name: "signup-page", about: "no sign-up: GET of its path gives the page (cut)", want: http.StatusOK,
		method: http.MethodGet, path: webui.SignUpPath, cut: 70,
	})
}

func (r *recorder) otherDoors(admin string) {
	r.take(exchange{
		name: "add", about: "an admin adds a user", want: http.StatusOK, token: admin,
		path: "/api/v1/auths/add", keep: "its request",
		body: encode(map[string]string{
			"name": "Ada", "email": "ada@example.org", "password": webui.Password, "role": "user", "profile_image_url": "",
		}),
	})
	r.take(exchange{
		name: "scim", about: "an identity provider adds a user by SCIM", want: http.StatusCreated, token: scimToken,
		path: "/api/v1/scim/v2/Users", keep: "its request",
		body: encode(map[string]any{
			"schemas":     []string{"urn:ietf:params:scim:schemas:core:2.0:User"},
			"userName":    "sam@example.org",
			"externalId":  "sam",
			"name":        map[string]string{"formatted": "Sam Smith", "givenName": "Sam", "familyName": "Smith"},
			"displayName": "Sam Smith",
			"emails":      []map[string]any{{"value": "sam@example.org", "primary": true}},
			"active":      true,
		}),
	})
	r.take(exchange{
		name: "signin", about: "sign-in with a password", want: http.StatusOK,
		path: "/api/v1/auths/signin", keep: "its request",
		body: encode(map[string]string{"email": "tim@example.org", "password": webui.Password}),
	})

	session := r.answered("token")

	r.take(exchange{
		name: "signin-refused", about: "refusal: the password is wrong", want: http.StatusBadRequest,
		path: "/api/v1/auths/signin", body: encode(map[string]string{"email": "tim@example.org", "password": "wrong"}),
	})
	r.take(exchange{
		name: "session", about: "the page asks who is signed in", want: http.StatusOK, token: session,
		method: http.MethodGet, path: "/api/v1/auths/",
	})
	r.take(exchange{
		name: "session-refused", about: "refusal: nobody is signed in", want: http.StatusUnauthorized,
		method: http.MethodGet, path: "/api/v1/auths/",
	})
}

func (r *recorder) directory() {
	const path = "/api/v1/auths/ldap"

	known := encode(map[string]string{"user": "lena", "password": identity.Password})

	r.take(exchange{
		name: "ldap", about: "first sign-in by LDAP, which makes the account", want: http.StatusOK, path: path, keep: "its request", body: known,
	})
	r.take(exchange{
		name: "ldap-again", about: "the next sign-in by LDAP", want: http.StatusOK, path: path, body: known,
	})
	r.take(exchange{
		name: "ldap-refused", about: "refusal: the directory does not take the password", want: http.StatusBadRequest, path: path,
		body: encode(map[string]string{"user": "lena", "password": "wrong"}),
	})
}

// exchanges are of an OpenID provider's token for a session.
func (r *recorder) exchanges(provider *identity.Provider) {
	tokenOf := func(login string) []byte {
		var token string

		r.do(func() error {
			var err error
			token, err = provider.AccessToken(r.ctx, login)

			return err
		})

		return encode(map[string]string{"token": token})
	}

	r.take(exchange{
		name: "exchange", about: "a provider's token is exchanged for a session", want: http.StatusOK,
		path: "/api/v1/auths/oauth/oidc/token/exchange", body: tokenOf("tim"),
	})
	r.take(exchange{
		name: "exchange-no-account", about: "refusal: the token's owner has no account here", want: http.StatusForbidden,
		path: "/api/v1/auths/oauth/oidc/token/exchange", body: tokenOf("nobody"),
	})
	r.take(exchange{
		name: "exchange-bad-token", about: "refusal: the provider does not know the token", want: http.StatusBadRequest,
		path: "/api/v1/auths/oauth/oidc/token/exchange", body: encode(map[string]string{"token": "made-up"}),
	})
	r.take(exchange{
		name: "exchange-no-provider", about: "refusal: there is no such provider", want: http.StatusNotFound,
		path: "/api/v1/auths/oauth/nowhere/token/exchange", body: encode(map[string]string{"token": "made-up"}),
	})
}

func (r *recorder) secondFactor(ctx context.Context, server *webui.Server) {
	signIn := encode(map[string]string{"email": "admin@example.org", "password": webui.Password})

	r.do(func() error { return server.Configure(ctx, map[string]any{"ENABLE_MFA": true}) })

	r.take(exchange{
		name: "signup-mfa-pending", about: "sign-up with ENABLE_MFA: neither id nor name", want: http.StatusOK,
		path: webui.SignUpPath, body: webui.SignUpBody("Tim", "mfa.pending@example.org"),
	})

	// The admin's session has ended with that setting, and goes on only with
	// a second factor.
	r.take(exchange{
		name: "signin-mfa-enroll", about: "sign-in with ENABLE_MFA of a user without a second factor", want: http.StatusOK,
		path: "/api/v1/auths/signin", body: signIn,
	})

	challenge := r.answered("challenge_token")

	var setup struct {
		Key string `json:"manual_key"`
	}

	r.do(func() error {
		return server.Call(ctx, http.MethodPost, "/api/v1/auths/mfa/enroll/start", "", map[string]string{"challenge_token": challenge}, &setup)
	})

	step := webui.CodeStep(time.Now())

	r.take(exchange{
		name: "mfa-enroll-confirm", about: "the second factor is set up, and with it the sign-in done", want: http.StatusOK,
		path: "/api/v1/auths/mfa/enroll/confirm",
		body: encode(map[string]string{"challenge_token": challenge, "code": r.oneTimeCode(setup.Key, step)}),
	})
	r.take(exchange{
		name: "signin-mfa-verify", about: "sign-in with ENABLE_MFA of a user with a second factor", want: http.StatusOK,
		path: "/api/v1/auths/signin", body: signIn,
	})
	// The next half minute's code, which is taken already: none works twice.
	r.take(exchange{
		name: "mfa-verify", about: "the second factor is given, and with it the sign-in done", want: http.StatusOK,
		path: "/api/v1/auths/mfa/verify",
		body: encode(map[string]string{"challenge_token": r.answered("challenge_token"), "code": r.oneTimeCode(setup.Key, step+1)}),
	})

	server.UseAdmin(r.answered("token"))
	r.do(func() error { return server.Configure(ctx, map[string]any{"DEFAULT_USER_ROLE": "user"}) })

	r.take(exchange{
		name: "signup-mfa-enroll", about: "sign-up with ENABLE_MFA where new users need no approval", want: http.StatusOK,
		path: webui.SignUpPath, body: webui.SignUpBody("Tim", "mfa.enroll@example.org"),
	})
}

func (r *recorder) oneTimeCode(key string, step int64) string {
	code, err := webui.OneTimeCode(key, step)
	r.do(func() error { return err })

	return code
}

func encode(value any) []byte {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err) // of maps and strings: cannot fail
	}

	return text
}

func inUTF16(text []byte) []byte {
	out := []byte{0xff, 0xfe}
	for _, unit := range utf16.Encode([]rune(string(text))) {
		out = binary.LittleEndian.AppendUint16(out, unit)
	}

	return out
}
