import { BitMindEnterpriseApi } from '../../../credentials/BitMindEnterpriseApi.credentials';
import { DIFFERS_BY_ITEM } from '../../../nodes/shared/credential/differsByItem';
import { expectVerdict, IMAGE, imageNode, itemOf, useBench } from '../../support/engine/bench';
import { images } from '../../support/engine/media';

const bench = useBench();
const GOES_ON = { onError: 'continueRegularOutput' } as const;
const samples = images(60, 'tenants');

/** An OAuth client for each item, from its JSON. */
function perItem() {
	const { client, otherClient } = bench.emulator;
	const clients = JSON.stringify({ first: client, second: otherClient }).replaceAll('}}', '} }');
	return bench.form({
		authentication: 'oAuth2',
		clientId: `={{ (${clients})[$json.tenant].id }}`,
		clientSecret: `={{ (${clients})[$json.tenant].secret }}`,
	});
}

const tenantOf = (n: number) => (n % 3 === 0 ? 'first' : 'second');
const items = samples.map((sample, n) => itemOf(sample, { n, tenant: tenantOf(n) }));

test("bug: no tenant's files are sent with another tenant's credential", async () => {
	const result = await bench.run(items, [imageNode()], { credential: perItem() });
	expect(result.error).toBeUndefined();
	samples.forEach((sample, n) => expectVerdict(result.items[n], sample));
	const { batchRequests, client, otherClient } = bench.emulator;
	const owners = new Map(samples.map(({ sha256 }, n) => [sha256, tenantOf(n)]));
	const ids = { first: client.id, second: otherClient.id };
	for (const { files, tokenClient } of batchRequests) {
		const tenants = new Set(files.map(({ sha256 }) => owners.get(sha256)));
		expect([...tenants].map((tenant) => ids[tenant as 'first'])).toEqual([tokenClient]);
	}
	// 20 and 40 files, with at most 50 in a request.
	expect(batchRequests).toHaveLength(2);
});

test('a credential without expressions is read once', async () => {
	const result = await bench.run(items, [imageNode()]);
	expect(result.items).toHaveLength(60);
	expect(result.credentialReads).toBe(1);
});

test.each(['={{ $workflow.name }}', '={{ $vars?.key }}', '={{ $secrets?.vault.key }}', 'a$b', '='])(
	'a credential with %s is the same for all items',
	async (passphrase) => {
		const credential = bench.form({ passphrase });
		const result = await bench.run(items.slice(0, 5), [imageNode()], { credential });
		expect(result.error).toBeUndefined();
		expect(result.credentialReads).toBe(1);
	},
);

test('every field of the credential is checked for such expressions', () => {
	const { properties } = new BitMindEnterpriseApi();
	const hidden = properties.find(({ name }) => name === DIFFERS_BY_ITEM)!;
	const [, list = ''] = /(\[.*?\])/.exec(String(hidden.default)) ?? [];
	const names = properties.filter(({ type }) => type !== 'hidden').map(({ name }) => name);
	expect(JSON.parse(list).sort()).toEqual([...new Set(names)].sort());
});

test.each([
	'={{ $json.key }}',
	'={{ $itemIndex }}',
	'=x{{ $("Source").item.json.n }}',
	'={{ this.$json.key }}',
	'={{ $input.item.json.n }}',
])('a credential with %s is read for each item', async (passphrase) => {
	const credential = bench.form({ passphrase });
	const input = items.slice(0, 5);
	const result = await bench.run(input, [imageNode({}, GOES_ON)], { credential });
	expect(result.credentialReads).toBe(5);
});

test('an expression that fails for one item fails only that item, before anything is sent', async () => {
	const { apiKey } = bench.emulator;
	const credential = bench.form({
		apiKey: `={{ $json.n === 1 ? $("Nowhere").item.json.key : "${apiKey}" }}`,
	});
	const input = items.slice(0, 3);
	const stopped = await bench.run(input, [imageNode()], { credential });
	expect(stopped.error?.message).toMatch(/^n8n could not provide the credential: .*\[item 1\]$/);
	expect(bench.emulator.requests).toEqual([]);

	const result = await bench.run(input, [imageNode({}, GOES_ON)], { credential });
	expectVerdict(result.items[0], samples[0]!);
	expectVerdict(result.items[2], samples[2]!);
	expect(result.items[1]?.json).toMatchObject({ bitMind: { errorCode: 'credentialUnavailable' } });
});

test('a key that is missing for one item stops a run before anything is sent', async () => {
	const { apiKey } = bench.emulator;
	const credential = bench.form({ apiKey: `={{ $json.n === 2 ? "" : "${apiKey}" }}` });
	const input = items.slice(0, 3);
	const stopped = await bench.run(input, [imageNode()], { credential });
	expect(stopped.error?.message).toMatch(/^The credential has no 'API Key'.*\[item 2\]$/);
	expect(bench.emulator.requests).toEqual([]);

	const result = await bench.run(input, [imageNode({}, GOES_ON)], { credential });
	expectVerdict(result.items[0], samples[0]!);
	expect(result.items[2]?.json.error).toMatch(/no 'API Key'/);
	expect(bench.emulator.batchRequests).toHaveLength(1);
});

test("one tenant's refused key doesn't affect the others", async () => {
	const { apiKey } = bench.emulator;
	const credential = bench.form({
		apiKey: `={{ $json.n < 2 ? "enterprise-revoked" : "${apiKey}" }}`,
	});
	const result = await bench.run(items.slice(0, 4), [imageNode({}, GOES_ON)], { credential });
	expect(result.items[0]?.json).toMatchObject({ bitMind: { errorCode: 'unauthorized' } });
	expectVerdict(result.items[2], samples[2]!);
	expectVerdict(result.items[3], samples[3]!);
});

test("one tenant's verdicts are not remembered for another", async () => {
	const remembering = imageNode({ options: { rememberDays: 7 } });
	const credential = perItem();
	const [sample] = samples;
	const run = (tenant: string, staticData = {}) =>
		bench.run([itemOf(sample!, { tenant })], [remembering], { credential, staticData });
	const first = await run('first');
	bench.emulator.reset();
	const again = await run('first', first.staticData);
	expect(bench.emulator.batchRequests).toHaveLength(0);
	expect(again.items[0]?.json).toMatchObject(sample!.verdict);
	await run('second', first.staticData);
	expect(bench.emulator.batchRequests).toHaveLength(1);
});

test('no secret of any tenant appears in the output', async () => {
	const result = await bench.run(items.slice(0, 4), [imageNode({}, GOES_ON)], {
		credential: perItem(),
	});
	const { client, otherClient } = bench.emulator;
	const text = JSON.stringify([result.items, result.hintsOf(IMAGE), result.logLines]);
	for (const { secret } of [client, otherClient]) expect(text).not.toContain(secret);
});
