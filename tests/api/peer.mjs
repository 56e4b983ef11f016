// usage: peer.mjs check URL HUB CODE     every operation that the hub describes, asked for real, well and badly
//        peer.mjs watch URL HUB          stands between a kiosk and the hub, passes everything on, judges both signatures
import http from 'node:http';
import { Validator } from '@seriousme/openapi-schema-validator';
import Ajv2020 from 'ajv/dist/2020.js';
import { digest, makeKey, signed, verified } from './signing.mjs';

const [mode, base, hub, code] = process.argv.slice(2);
const faults = [];
const said = (ok, text) => { if (!ok) faults.push(text); };

// One exchange, with the bytes as they are: nothing follows redirects, nothing adds or unpacks.
function exchange(request, body) {
    return new Promise((resolve, reject) => {
        const url = new URL(request.url);
        const req = http.request({
            host: url.hostname, port: url.port, path: url.pathname + url.search, method: request.method,
            headers: request.headers, agent: false,
        }, (res) => {
            const parts = [];
            res.on('data', (part) => parts.push(part));
            res.on('end', () => resolve({ status: res.statusCode, headers: res.headers, body: Buffer.concat(parts) }));
        });
        req.on('error', reject);
        if (request.lengthless) {
            req.removeHeader('content-length');
            req.removeHeader('transfer-encoding');
        }
        req.end(request.lengthless ? undefined : body);
    });
}

// ---- the description ----

const codes = new Set();
const statuses = new Set();

function resolve(doc, node) {
    return node?.$ref ? node.$ref.slice(2).split('/').reduce((at, key) => at[key], doc) : node;
}

// What came back against what the description says may come back.
function judge(doc, ajv, operation, reply, what) {
    const described = resolve(doc, operation.responses[reply.status]);
    const type = (reply.headers['content-type'] ?? '').split(';')[0];
    statuses.add(`${operation.operationId} ${reply.status}`);
    if (!described) return said(false, `${what}: status ${reply.status} is not described`);
    for (const [name, header] of Object.entries(described.headers ?? {}))
        said(!resolve(doc, header).required || reply.headers[name.toLowerCase()], `${what}: no header ${name}`);
    said(reply.headers['content-digest'] === digest(reply.body), `${what}: the digest is not the body's`);
    const content = described.content[type];
    if (!content) return said(false, `${what}: ${type} is not described`);
    if (!type.endsWith('json')) return undefined;
    const value = JSON.parse(reply.body);
    if (value.code) codes.add(value.code);
    const valid = ajv.compile({ ...content.schema, components: doc.components });
    return said(valid(value), `${what}: ${ajv.errorsText(valid.errors)}`);
}

async function check() {
    const got = await exchange({ url: `${base}/openapi.json`, method: 'GET', headers: {} });
    said(got.status === 200, `the description: ${got.status}`);
    const doc = JSON.parse(got.body);
    const version = await new Validator().validate(structuredClone(doc));
    said(version.valid, `the description is no OpenAPI: ${JSON.stringify(version.errors)?.slice(0, 400)}`);
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    const key = makeKey();
    let epoch = 'none';
    const stranger = makeKey();
    const operations = {};
    for (const [path, item] of Object.entries(doc.paths))
        for (const [method, operation] of Object.entries(item))
            operations[operation.operationId] = { path, method: method.toUpperCase(), operation };

    // Asks as told and judges the answer; what a stranger to the description would ask differs by `change`.
    async function ask(id, status, wanted, body = '', options = {}, change = (request) => request) {
        const { path, method, operation } = operations[id];
        const type = Object.keys(operation.requestBody?.content ?? {})[0];
        const url = `${base}${path.replace('{name}', options.name)}${options.query ?? ''}`;
        const plain = { url, method, headers: type ? { 'content-type': type } : {} };
        const request = operation.security.length === 0 || options.unsigned ? plain
            : await signed(options.key ?? key, options.hub ?? hub, method, url, body, { type, epoch, ...options });
        const { as = body, ...rest } = change(request);
        const reply = await exchange({ ...rest, headers: { 'content-length': Buffer.byteLength(as), ...rest.headers } }, as);
        const what = `${id}${wanted ? `, ${wanted}` : ''}`;
        judge(doc, ajv, operation, reply, what);
        said(reply.status === status, `${what}: status ${reply.status}, not ${status}: ${reply.body.toString('utf8', 0, 200)}`);
        if (wanted) said(JSON.parse(reply.body).code === wanted, `${what}: code ${JSON.parse(reply.body).code}`);
        if (request.headers.Signature)
            said(await verified(reply, hub, { ...request, headers: lower(request.headers) }), `${what}: the answer's signature`);
        return reply;
    }

    for (const [path, item] of Object.entries(doc.paths)) {
        const options = await exchange({ url: base + path, method: 'OPTIONS', headers: {} });
        const has = options.headers.allow.split(', ').filter((name) => name !== 'OPTIONS' && name !== 'HEAD').sort();
        const told = Object.keys(item).map((name) => name.toUpperCase()).sort();
        said(has.join() === told.join(), `${path}: has ${has}, describes ${told}`);
    }
    for (const id of ['health', 'description']) await ask(id, 200);

    const json = JSON.stringify;
    const enrol = json({ code, name: 'A peer of its own' });
    await ask('status', 403, 'device.unknown', '{}');
    await ask('enrol', 403, 'code.wrong', json({ code: '0000000000', name: 'x' }));
    await ask('enrol', 400, 'request.malformed', '{"code":');
    const enrolled = await ask('enrol', 200, null, enrol, { hub: 'unknown' });
    said((await ask('enrol', 200, null, enrol)).body.equals(enrolled.body), 'enrol: the same code, the same answer');
    await ask('enrol', 403, 'code.used', enrol, { key: stranger });

    const other = JSON.parse((await ask('status', 409, 'epoch.other', '{}')).body);
    ({ epoch } = JSON.parse(enrolled.body));
    said(other.epoch === epoch, 'epoch.other: another epoch than the enrolment told');
    await ask('status', 401, 'signature.wrong', '{}', { parts: ['@method', '@path', '@query', 'content-digest', 'canny-hub'] });
    await ask('status', 200, null, json({ version: 'peer', clock: 'ntp' }));
    await ask('status', 400, 'request.malformed', '[1]');
    await ask('status', 413, 'body.large', ' '.repeat(16385));
    await ask('status', 415, 'body.type', '{}', { type: 'text/plain' });
    await ask('status', 411, 'body.length', '', {}, (r) => ({ ...r, lengthless: true }));
    await ask('pull', 200, null, '', { query: '?after=0' });
    await ask('pull', 400, 'request.malformed', '', { query: '?after=-1' });
    await ask('push', 422, 'bundle.refused', 'no bundle');
    const heads = JSON.parse((await ask('heads', 200)).body);
    said(heads.epoch === epoch && heads.heads.length > 0, 'heads: of another epoch, or none');
    const { certificate } = JSON.parse(enrolled.body);
    said((await ask('enrol', 200, null, json({ certificate, name: 'A peer' }))).body.equals(enrolled.body),
        'enrol: by its certificate, the same answer');
    await ask('enrol', 403, 'certificate.wrong', json({ certificate, name: 'A peer' }), { key: stranger });
    await ask('enrol', 400, 'request.malformed', json({ certificate, code, name: 'A peer' }));
    const heir = makeKey();
    const proof = Buffer.from(await heir.sign(`canny fork 1\n${hub}\n${key.id}\n${heir.id}\n`)).toString('base64');
    const fork = { device: heir.id, proof, seq: 1, ours: key.id, theirs: heir.id };
    const forked = await ask('fork', 200, null, json(fork));
    said((await ask('fork', 200, null, json(fork))).body.equals(forked.body), 'fork: the same again, the same answer');
    await ask('fork', 400, 'request.malformed', json({ ...fork, device: stranger.id }));
    await ask('status', 200, null, '{}', { key: heir });
    await ask('post', 200, null, json({ key: '0123456789abcdef', kind: 'voice', body: { text: 'a fume cupboard hums' } }));
    await ask('post', 400, 'request.malformed', json({ key: 'short', kind: 'voice', body: {} }));

    // Content, of which this hub has none: nobody signs in for it.
    const hash = '0'.repeat(64);
    await ask('contentRoot', 404, 'content.none');
    await ask('metadataFetch', 404, 'content.unknown', '', { name: 'timestamp.json' });
    await ask('blobsFetch', 404, 'content.unknown', '', { name: `00/${hash}.zst` });
    await ask('contentOffer', 409, 'content.root', '{}', { name: '1.targets.json' });
    await ask('contentOffer', 422, 'content.malformed', '{}', { name: 'root.json' });
    await ask('contentOffer', 415, 'body.type', '{}', { name: '1.targets.json' }, (r) => ({ ...r, headers: { 'content-type': 'text/html' } }));
    await ask('targetsPut', 422, 'content.unwanted', '{}', { name: `national/${hash}.manifest.json` });
    await ask('blobsPut', 422, 'content.unwanted', 'x', { name: `00/${hash}.zst` });
    await ask('patchesPut', 422, 'content.unwanted', 'x', { name: `${hash}.zst` });

    // What an attacker on the way can do to a signed request.
    for (const id of ['status', 'push', 'post', 'enrol'])
        await ask(id, 401, 'signature.missing', '{}', { unsigned: true });
    await ask('status', 401, 'digest.wrong', '{"a":1}', {}, (r) => ({ ...r, as: '{"a":2}' }));
    await ask('status', 401, 'signature.wrong', '{"a":1}', {},
        (r) => ({ ...r, as: '{"a":2}', headers: { ...r.headers, 'content-digest': digest('{"a":2}') } }));
    await ask('status', 401, 'signature.wrong', '{}', { parts: ['@method', '@path', 'content-digest', 'canny-hub', 'canny-epoch'] });
    await ask('pull', 401, 'signature.wrong', '', { query: '?after=1' }, (r) => ({ ...r, url: r.url.replace('=1', '=2') }));
    await ask('post', 401, 'signature.wrong', '{}', {}, (r) => ({ ...r, url: `${base}/v1/status` }));
    await ask('status', 401, 'hub.other', '{}', { hub: stranger.id });
    for (const offset of [-301, 301]) {
        const stale = await ask('status', 401, 'clock.stale', '{}', { offset });
        said(Math.abs(Number(stale.headers['canny-time']) - Date.now()) < 60000, 'clock.stale: the hub\'s time');
    }
    await ask('status', 200, null, '{}', { nonce: 'spent-once' });
    await ask('status', 401, 'nonce.used', '{}', { nonce: 'spent-once' });
    for (let i = 0; i < 12 && !codes.has('code.tries'); i++) {
        const url = base + operations.enrol.path;
        const body = json({ code: '0000000000', name: 'x' });
        const request = await signed(key, hub, 'POST', url, body, { type: 'application/json' });
        judge(doc, ajv, operations.enrol.operation, await exchange(request, body), 'enrol, again and again');
    }
    said(codes.has('code.tries'), 'enrol: guessing goes on for ever');
    console.log(`${statuses.size} operations and statuses, ${codes.size} refusals: ${[...codes].sort().join(' ')}`);
}

const lower = (headers) => Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

// ---- between a kiosk and the hub ----

function watch() {
    let requests = 0;
    const server = http.createServer((req, res) => {
        const parts = [];
        req.on('data', (part) => parts.push(part));
        req.on('end', async () => {
            const body = Buffer.concat(parts);
            const request = { method: req.method, url: base + req.url, headers: req.headers };
            const reply = await exchange(request, body);
            const what = `${req.method} ${req.url}`;
            try {
                const key = /keyid="([0-9a-f]{64})"/.exec(req.headers['signature-input'])?.[1];
                said(await verified(request, key), `${what}: the kiosk's signature`);
                said(req.headers['content-digest'] === digest(body), `${what}: the kiosk's digest`);
                said(await verified(reply, hub, request), `${what}: the hub's signature`);
            } catch (error) {
                said(false, `${what}: ${error.message}`);
            }
            requests++;
            res.writeHead(reply.status, reply.headers);
            res.end(reply.body);
        });
    });
    server.listen(0, '127.0.0.1', () => console.log(`listening on http://127.0.0.1:${server.address().port}`));
    process.on('SIGTERM', () => {
        said(requests > 0, 'nothing passed');
        console.log(`${requests} requests, each signed both ways`);
        finish();
    });
}

function finish() {
    for (const fault of faults) console.error(`peer: ${fault}`);
    process.exit(faults.length === 0 ? 0 : 1);
}

if (mode === 'check') {
    await check();
    finish();
} else {
    watch();
}
