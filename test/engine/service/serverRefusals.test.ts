import type { Fault } from '../../support/emulator';
import { imageNode, itemOf, useBench, type Bench } from '../../support/engine/bench';
import { images } from '../../support/engine/media';
import type { RunResult } from '../../support/engine/runResult';
import { allTextIn, secretsOf } from '../../support/engine/secrets';

const samples = images(12);
const node = imageNode({ options: { batchSize: 3 } });

const status = (code: number, more: Partial<Extract<Fault, { kind: 'status' }>> = {}): Fault => ({
	kind: 'status',
	status: code,
	...more,
});

/** A careless server quotes the request. */
function quoting(bench: Bench): string {
	const { apiKey, client, certificates } = bench.emulator;
	return `Bearer ${apiKey} ${client.secret} ${certificates.client.passphrase}`;
}

const REFUSALS: Array<[string, (bench: Bench) => Fault, RegExp]> = [
	[
		'401',
		(bench) => status(401, { json: { detail: quoting(bench) } }),
		/did not accept the credential/,
	],
	[
		'an early 401',
		() => status(401, { json: { detail: 'no' }, early: 'lingering' }),
		/did not accept the credential/,
	],
	[
		'403',
		(bench) => status(403, { json: { error: { message: quoting(bench) } } }),
		/does not permit/,
	],
	[
		'404',
		(bench) => status(404, { text: quoting(bench) }),
		/offers no batch requests to this account/,
	],
	['a web page', () => ({ kind: 'html200' }), /no BitMind API at the credential's 'Base URL'/],
	[
		'a redirect',
		(bench) =>
			status(302, { headers: { Location: `https://example.com/?k=${bench.emulator.apiKey}` } }),
		/no BitMind API at the credential's 'Base URL'/,
	],
	[
		'another status',
		(bench) => status(451, { text: quoting(bench) }),
		/rejected the request \(status 451\)/,
	],
];

describe.each(['apiKey', 'oAuth2'])('with authentication %s', (authentication) => {
	const bench = useBench({
		credential: ({ apiKey, client, certificates }) => ({
			authentication,
			apiKey,
			clientId: client.id,
			clientSecret: client.secret,
			useClientCertificate: true,
			clientCertificate: certificates.client.certificate,
			clientKey: certificates.client.encryptedKey,
			passphrase: certificates.client.passphrase,
		}),
	});
	const items = samples.map((sample, n) => itemOf(sample, { n }));

	function expectNoSecrets(result: RunResult): void {
		const text = allTextIn([result.data, result.calls, result.logLines]);
		for (const secret of secretsOf(bench.emulator)) expect(text.includes(secret)).toBe(false);
		expect(text).not.toContain('Bearer e');
		// The emulator's tokens look like real ones.
		expect(text).not.toMatch(/eyJ[\w-]{10}/);
	}

	test.each(REFUSALS)(
		"%s ends a run with one clear message on 'Stop'",
		async (_, fault, message) => {
			bench.emulator.misbehave(() => fault(bench));
			const result = await bench.run(items, [node]);
			expect(result.status).toBe('error');
			expect(result.error?.name).toBe('NodeApiError');
			expect(result.error?.message).toMatch(message);
			expect(result.error?.message).toMatch(/\[item \d\]$/);
			expect((result.error as any).description).toMatch(/\w/);
			expect(bench.emulator.batchRequests.length).toBeLessThanOrEqual(4);
			expectNoSecrets(result);
		},
	);

	test.each(REFUSALS)(
		"%s gives each item the same message on 'Continue'",
		async (_, fault, message) => {
			bench.emulator.misbehave(() => fault(bench));
			const { result, good, bad } = await bench.runWithErrorOutput(items, node);
			expect(good).toEqual([]);
			expect(bad.map(({ json }) => json.n)).toEqual(samples.map((_, n) => n));
			const messages = bad.map(({ json }) => String(json.error).replace(/ \[item \d+\]$/, ''));
			expect(new Set(messages).size).toBe(1);
			expect(messages[0]).toMatch(message);
			expect(bench.emulator.batchRequests.length).toBeLessThanOrEqual(4);
			expectNoSecrets(result);
		},
	);
});

describe('a token request that is refused', () => {
	const bench = useBench({
		credential: ({ client }) => ({
			authentication: 'oAuth2',
			clientId: client.id,
			clientSecret: 'not the one',
		}),
	});

	test('gives one message and one request, without a batch', async () => {
		const result = await bench.run(
			samples.map((sample) => itemOf(sample)),
			[node],
		);
		expect(result.error?.message).toMatch(/gave no access token.*\[item 0\]/);
		expect(allTextIn([result.data, result.calls, result.logLines])).not.toContain('not the one');
		expect(bench.emulator.requests.map(({ path }) => path)).toEqual(['/v1/oauth/token']);
	});
});

describe("a credential that can't be used", () => {
	const bench = useBench();

	test.each([
		['no key', { apiKey: '' }, /no 'API Key'/],
		['http to another machine', { baseUrl: 'http://example.com' }, /must begin with https/],
		['no address', { baseUrl: 'example' }, /'Base URL' is not a web address/],
		[
			'an unreadable certificate',
			{ useClientCertificate: true, clientCertificate: 'abc' },
			/'Client Certificate' can't be read/,
		],
	])('(%s) gives one message before anything is sent', async (_, form, message) => {
		const result = await bench.run([itemOf(samples[0]!)], [node], { credential: bench.form(form) });
		expect(result.error?.message).toMatch(message);
		const { bad } = await bench.runWithErrorOutput([itemOf(samples[0]!)], node, {
			credential: bench.form(form),
		});
		expect(bad[0]?.json.error).toMatch(message);
		expect(bench.emulator.requests).toEqual([]);
	});

	test('that is missing gives a message', async () => {
		const lost = { ...node, credentials: {} };
		const result = await bench.run([itemOf(samples[0]!)], [lost]);
		expect(result.error?.message).toBe('No credential is chosen in the node [item 0]');
	});
});
