/* A real issuer of OpenID Connect, by the library that many are made of: a client of the hub, and each way to sign that
   the hub takes. Prints its address; people sign in by its own pages, with any password, and are whom the file says. */
import { generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createInterface } from "node:readline";
import Provider from "oidc-provider";

const people = process.argv[2]; /* a file: name -> claims */
const key = (kind, options) => ({ ...generateKeyPairSync(kind, options).privateKey.export({ format: "jwk" }), use: "sig" });
const server = createServer((request, reply) => serve(request, reply));
let serve;

/* Each line names a client and how its tokens are signed, and where the browser is sent back to: from then on it serves that one. */
function begin(issuer, [alg, back]) {
    const provider = new Provider(issuer, {
        clients: [{
            client_id: "canny",
            client_secret: "a-secret-of-the-client's,-long-enough+/=%",
            redirect_uris: [back],
            id_token_signed_response_alg: alg,
            token_endpoint_auth_method: alg === "PS256" ? "client_secret_post" : "client_secret_basic",
        }],
        clientAuthMethods: [alg === "PS256" ? "client_secret_post" : "client_secret_basic"],
        enabledJWA: { idTokenSigningAlgValues: [alg] },
        jwks: { keys: [key("rsa", { modulusLength: 2048 }), key("ec", { namedCurve: "P-256" })] },
        claims: { openid: ["sub"], profile: ["name", "groups"] },
        conformIdTokenClaims: false, /* Entra ID and Google too put them into the token */
        pkce: { methods: ["S256"], required: () => true },
        cookies: { keys: ["of a test"] },
        findAccount: (_, id) => ({
            accountId: id,
            claims: () => ({ sub: id, ...JSON.parse(readFileSync(people, "utf8"))[id] }),
        }),
    });
    serve = provider.callback();
    console.log("serves");
}

server.listen(0, "127.0.0.1", () => {
    const issuer = `http://127.0.0.1:${server.address().port}`;
    createInterface({ input: process.stdin }).on("line", (line) => begin(issuer, line.split(" ")));
    console.log(issuer);
});
