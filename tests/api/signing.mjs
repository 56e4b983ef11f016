// Requests as a kiosk makes them, signed and verified by an implementation of RFC 9421 that is not ours.
import crypto from 'node:crypto';
import { httpbis } from 'http-message-signatures';

const requestParts = ['@method', '@path', '@query', 'content-digest', 'canny-hub', 'canny-epoch'];
const replyParts = ['@status', 'content-digest', 'canny-time', 'signature;req'];
// What stands before the 32 bytes of an Ed25519 public key in its usual wrapping (RFC 8410).
const wrapping = Buffer.from('302a300506032b6570032100', 'hex');

export const digest = (body) => `sha-256=:${crypto.createHash('sha256').update(body).digest('base64')}:`;

export function makeKey() {
    const { publicKey, privateKey } = crypto.generateKeyPairSync('ed25519');
    const id = publicKey.export({ type: 'spki', format: 'der' }).subarray(wrapping.length).toString('hex');
    return { id, alg: 'ed25519', sign: async (data) => crypto.sign(null, Buffer.from(data), privateKey) };
}

function keyOf(id) {
    const key = crypto.createPublicKey({
        key: Buffer.concat([wrapping, Buffer.from(id, 'hex')]), format: 'der', type: 'spki',
    });
    return { id, algs: ['ed25519'], verify: async (data, signature) => crypto.verify(null, data, key, signature) };
}

// A request that covers what it must. offset: seconds that its clock is off; nonce: one used before.
export async function signed(key, hub, method, url, body, { offset = 0, nonce, type, epoch = 'none', parts = requestParts } = {}) {
    const headers = { 'content-digest': digest(body), 'canny-hub': hub, 'canny-epoch': epoch };
    if (type) headers['content-type'] = type;
    return httpbis.signMessage({
        key,
        name: 'peer',
        fields: parts,
        params: ['created', 'nonce', 'keyid', 'alg'],
        paramValues: {
            created: new Date(Date.now() + offset * 1000),
            nonce: nonce ?? crypto.randomBytes(16).toString('hex'),
        },
    }, { method, url: String(url), headers });
}

const covers = (input, parts) => parts.every((part) => {
    const [name, param] = part.split(';');
    return input.includes(param ? `"${name}";${param}` : `"${name}"`);
});

// Whether the message was signed by that key over all that it must cover; throws where the signature is no signature.
export async function verified(message, keyId, request) {
    const input = message.headers['signature-input'] ?? '';
    if (!covers(input, request ? replyParts : requestParts)) return false;
    return await httpbis.verifyMessage({
        keyLookup: async (params) => (params.keyid === keyId ? keyOf(keyId) : null),
        all: true,
    }, message, request) === true;
}
