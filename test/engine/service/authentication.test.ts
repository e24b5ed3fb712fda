import type { Emulator, RecordedRequest } from '../../support/emulator';
import { expectVerdict, imageNode, itemOf, useBench, type Bench } from '../../support/engine/bench';
import { images } from '../../support/engine/media';

const samples = images(30);

/** Ten requests, up to six at a time. */
async function checkAll(bench: Bench, more = {}): Promise<RecordedRequest[]> {
	const result = await bench.run(
		samples.map((sample) => itemOf(sample)),
		[imageNode({ options: { batchSize: 3, concurrency: 6 } })],
		{ credential: bench.form(more) },
	);
	expect(result.error).toBeUndefined();
	samples.forEach((sample, index) => expectVerdict(result.items[index], sample));
	expect(bench.emulator.batchRequests).toHaveLength(10);
	return [...bench.emulator.requests];
}

const tokenRequests = (requests: RecordedRequest[]) =>
	requests.filter(({ path }) => path === '/v1/oauth/token');

const certificate = ({ certificates }: Emulator) => ({
	useClientCertificate: true,
	clientCertificate: certificates.client.certificate,
});

const oAuth2 = ({ client }: Emulator) => ({
	authentication: 'oAuth2',
	clientId: client.id,
	clientSecret: client.secret,
});

describe('API key', () => {
	const bench = useBench();

	test('signs each request', async () => {
		const requests = await checkAll(bench);
		expect(new Set(requests.map(({ authorization }) => authorization))).toEqual(
			new Set(['apiKey']),
		);
		expect(requests.some(({ hasClientCertHeader }) => hasClientCertHeader)).toBe(false);
	});
});

describe('API key with the certificate in a header', () => {
	const bench = useBench({
		emulator: { clientCertificate: 'header' },
		credential: (emulator) => ({
			authentication: 'apiKey',
			apiKey: emulator.apiKey,
			...certificate(emulator),
		}),
	});

	test('sends it with each request', async () => {
		const requests = await checkAll(bench);
		expect(requests.every(({ hasClientCertHeader }) => hasClientCertHeader)).toBe(true);
	});

	test.each([
		['flattened to one line', (pem: string) => pem.replace(/\n/g, ' ').trim()],
		['with its line breaks written out', (pem: string) => pem.replace(/\n/g, '\\n')],
		['with Windows line breaks', (pem: string) => pem.replace(/\n/g, '\r\n')],
	])('also sends it if it was pasted %s', async (_, spoil) => {
		const { client } = bench.emulator.certificates;
		await checkAll(bench, { clientCertificate: spoil(client.certificate) });
	});

	test('also sends it with its chain', async () => {
		const { client, ca } = bench.emulator.certificates;
		await checkAll(bench, { clientCertificate: client.certificate + ca });
	});
});

describe('OAuth2', () => {
	const bench = useBench({ emulator: { latencyMs: 200 }, credential: oAuth2 });

	test('fetches one token for many requests at once', async () => {
		const requests = await checkAll(bench);
		expect(tokenRequests(requests)).toHaveLength(1);
		expect(bench.emulator.maxInFlight).toBeGreaterThan(3);
		expect(
			bench.emulator.batchRequests.every(({ authorization }) => authorization === 'token'),
		).toBe(true);
	});

	test('fetches one new token when the current one has expired', async () => {
		let isFirst = true;
		bench.emulator.misbehave(() => {
			if (isFirst) bench.emulator.expireTokens();
			isFirst = false;
			return undefined;
		});
		const result = await bench.run(
			samples.map((sample) => itemOf(sample)),
			[imageNode({ options: { batchSize: 3, concurrency: 6 } })],
		);
		expect(result.error).toBeUndefined();
		samples.forEach((sample, index) => expectVerdict(result.items[index], sample));
		expect(tokenRequests([...bench.emulator.requests]).length).toBeLessThanOrEqual(2);
	});
});

describe('OAuth2 with a certificate instead of the secret', () => {
	const bench = useBench({
		emulator: { clientCertificate: 'header' },
		credential: (emulator) => ({
			authentication: 'oAuth2Mtls',
			clientId: emulator.client.id,
			clientCertificate: emulator.certificates.client.certificate,
		}),
	});

	test('sends it with the token request and each request', async () => {
		const requests = await checkAll(bench);
		expect(tokenRequests(requests)).toHaveLength(1);
		expect(requests.every(({ hasClientCertHeader }) => hasClientCertHeader)).toBe(true);
	});
});

describe('certificate in the TLS handshake', () => {
	const bench = useBench({
		emulator: { clientCertificate: 'both', refuseInHandshake: true },
		credential: (emulator) => ({
			authentication: 'apiKey',
			apiKey: emulator.apiKey,
			...certificate(emulator),
			clientKey: emulator.certificates.client.encryptedKey,
			passphrase: emulator.certificates.client.passphrase,
			caCertificate: emulator.certificates.ca,
		}),
	});

	const allPresented = (requests: RecordedRequest[]) =>
		requests.every(({ handshakeCertificate }) => handshakeCertificate === 'registered');

	test('is presented with an encrypted key and its own CA', async () => {
		expect(allPresented(await checkAll(bench))).toBe(true);
	});

	test('is presented with a plain key', async () => {
		const { key } = bench.emulator.certificates.client;
		expect(allPresented(await checkAll(bench, { clientKey: key, passphrase: '' }))).toBe(true);
	});

	test('is also presented with the token request', async () => {
		const requests = await checkAll(bench, oAuth2(bench.emulator));
		expect(tokenRequests(requests)).toHaveLength(1);
		expect(allPresented(requests)).toBe(true);
	});

	test.each([
		// With TLS 1.3, the server's alert comes after the handshake, together with the end of the connection.
		['without the key', () => ({ clientKey: '' }), /secure connection.*CERTIFICATE_REQUIRED/],
		['without the CA', () => ({ caCertificate: '' }), /secure connection/],
		['with a wrong passphrase', () => ({ passphrase: 'wrong one' }), /'Passphrase'/],
		[
			'with the key of another client',
			() => ({ clientKey: bench.emulator.certificates.unrelatedKey, passphrase: '' }),
			/'Client Key' does not belong/,
		],
	])('%s, the run ends with one message and no request', async (_, more, message) => {
		const node = imageNode({ options: { maxRetries: 0 } });
		const result = await bench.run([itemOf(samples[0]!)], [node], {
			credential: bench.form(more()),
		});
		expect(result.error?.message).toMatch(message);
		expect(bench.emulator.requests).toEqual([]);
	});
});
