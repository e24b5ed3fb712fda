import { setTimeout as sleep } from 'node:timers/promises';
import { images, textFile } from '../support/engine/media';
import { chain } from '../support/engine/workflows';
import { itemsOf } from '../support/host/runOutput';
import { codeNode, expectVerdicts, IMAGE, readFiles, startNode, useBench } from './bench';

const bench = useBench();
const samples = images(40, 'settings');

const TAG = codeNode(
	`return $input.all().map((item, n) => ({
		json: { ...item.json, tenant: n % 3 === 0 ? 'first' : 'second' },
		binary: item.binary,
	}))`,
	'Tag',
);

test('bug: if the credential differs by item, no file is sent with that of another item', async () => {
	const { client, otherClient } = bench.emulator;
	const byTenant = (first: string, second: string) =>
		`={{ $json.tenant === 'first' ? '${first}' : '${second}' }}`;
	const own = bench.credential;
	bench.credential = await bench.createCredential({
		authentication: 'oAuth2',
		clientId: byTenant(client.id, otherClient.id),
		clientSecret: byTenant(client.secret, otherClient.secret),
	});
	const { items } = await bench.run([
		readFiles(await bench.write(samples)),
		TAG,
		bench.imageNode(),
	]);
	bench.credential = own;
	expectVerdicts(items, samples);
	const sent = bench.emulator.batchRequests.map(({ tokenClient, files }) => [
		tokenClient,
		files.map(({ sha256 }) => samples.findIndex((sample) => sample.sha256 === sha256)),
	]);
	const places = [...samples.keys()];
	expect(sent).toEqual([
		[client.id, places.filter((n) => n % 3 === 0)],
		[otherClient.id, places.filter((n) => n % 3 !== 0)],
	]);
});

test('bug: options as one expression count', async () => {
	const options = '={{ ({ batchSize: 15, outputField: "check" }) }}' as never;
	const files = await bench.write(samples);
	const { items } = await bench.run([readFiles(files), bench.imageNode({ options })]);
	expect(bench.emulator.batchRequests.map(({ files: sent }) => sent.length).sort()).toEqual([
		10, 15, 15,
	]);
	expect(items[0]?.json.check).toMatchObject(samples[0]!.verdict);
});

test("bug: a run that the workflow's timeout ends is stored with that reason", async () => {
	bench.emulator.misbehave(() => ({ kind: 'hang' }));
	const nodes = [startNode(), readFiles(await bench.write(samples.slice(0, 2))), bench.imageNode()];
	const workflow = chain(nodes, { executionTimeout: 2 });
	const id = await bench.api.createWorkflow({ name: 'Timeout', ...workflow });
	const run = await bench.api.runWorkflow(id, 'Start');
	await sleep(500);
	expect(run.status).toBe('canceled');
	const { error } = run.data.resultData;
	if (bench.shared.hostVersion !== '2.8.4') expect(error?.message).toMatch(/timed out/);
});

test('a file next to a refused one has its verdict', async () => {
	const [sample] = samples;
	const both = codeNode(
		`const [photo, notes] = $input.all();
		return [{ json: {}, binary: { photo: photo.binary.data, notes: notes.binary.data } }]`,
	);
	const detect = bench.imageNode({ binaryPropertyName: '*' }, { onError: 'continueRegularOutput' });
	const files = await bench.write([sample!, textFile()]);
	const { run } = await bench.run([readFiles(files), both, detect]);
	const [item] = itemsOf(run, IMAGE);
	expect(item?.json.error).toMatch(/notes.txt/);
	expect(item?.json.bitMind).toMatchObject({
		errorCode: 'unsupportedFile',
		files: [
			{ field: 'photo', ...sample!.verdict },
			{ field: 'notes', errorCode: 'unsupportedFile' },
		],
	});
});
