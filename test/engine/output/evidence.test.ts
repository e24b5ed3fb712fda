import type { IDataObject, INode } from 'n8n-workflow';
import { failing, poison, seededRandom } from '../../support/emulator';
import { imageNode, itemOf, useBench, videoNode } from '../../support/engine/bench';
import { images, textFile, videos, type Sample } from '../../support/engine/media';
import type { SourceItem } from '../../support/engine/standIns';

const bench = useBench();
const samples = images(12);
const GOES_ON = { onError: 'continueRegularOutput' } as const;

function entriesOf(item: { json: IDataObject } | undefined): IDataObject[] {
	const { files = [] } = item?.json.bitMind as { files?: IDataObject[] };
	return files;
}

async function check(files: readonly Sample[], node: INode) {
	const since = Date.now();
	const items: SourceItem[] = files.map((file) => itemOf(file));
	const result = await bench.run(items, [node]);
	expect(result.error).toBeUndefined();
	return { result, entries: result.items.flatMap(entriesOf), since };
}

function expectEvidence(entry: IDataObject | undefined, sample: Sample, since: number): void {
	expect(entry).toMatchObject({
		sha256: sample.sha256,
		size: sample.content.length,
		mimeType: sample.mimeType,
	});
	const checkedAt = String(entry?.checkedAt);
	expect(checkedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
	expect(Date.parse(checkedAt)).toBeGreaterThanOrEqual(since);
	expect(Date.parse(checkedAt)).toBeLessThanOrEqual(Date.now());
}

test.each([1, 1.1])('each file has its own, in any version (%d)', async (typeVersion) => {
	const node = imageNode({ options: { evidence: true } }, { typeVersion });
	const { entries, since } = await check(samples, node);
	samples.forEach((sample, index) => expectEvidence(entries[index], sample, since));
});

test('there is none unless it is wanted', async () => {
	const { entries } = await check(samples.slice(0, 1), imageNode());
	for (const name of ['sha256', 'size', 'mimeType', 'checkedAt']) {
		expect(entries[0]).not.toHaveProperty(name);
	}
});

test('videos have it, too', async () => {
	const [film] = videos(1);
	const since = Date.now();
	const node = videoNode({ options: { evidence: true } });
	const result = await bench.run([itemOf(film!)], [node]);
	expectEvidence(entriesOf(result.items[0])[0], film!, since);
});

test('it is correct after retries, and after a batch was split', async () => {
	const bad = samples[3]!;
	const outage = failing(2, { kind: 'status', status: 503 }, seededRandom(1));
	const refusal = poison(({ sha256 }) => sha256 === bad.sha256);
	bench.emulator.misbehave((moment) => (moment.index < 2 ? outage(moment) : refusal(moment)));
	const node = imageNode({ options: { evidence: true, batchSize: 4 } }, GOES_ON);
	const { entries, since } = await check(samples, node);
	samples.forEach((sample, index) => {
		if (sample !== bad) return expectEvidence(entries[index], sample, since);
		// BitMind got this file, but the response says nothing about it.
		expect(entries[index]).toMatchObject({ sha256: bad.sha256, size: bad.content.length });
		expect(entries[index]).not.toHaveProperty('checkedAt');
	});
});

test('copies that were not sent have it, too', async () => {
	const node = imageNode({ options: { evidence: true, deduplicate: true } });
	const twice = samples.flatMap((sample) => [sample, sample]);
	const { entries, since } = await check(twice, node);
	expect(bench.emulator.batchRequests.flatMap(({ files }) => files)).toHaveLength(samples.length);
	twice.forEach((sample, index) => expectEvidence(entries[index], sample, since));
});

test('a remembered verdict has the time of its response', async () => {
	const node = imageNode({ options: { evidence: true, rememberDays: 30 } });
	const { result, entries } = await check(samples, node);
	const { staticData } = result;
	const later = await bench.run(
		samples.map((sample) => itemOf(sample)),
		[node],
		{ staticData },
	);
	const again = later.items.flatMap(entriesOf);
	expect(again.map(({ reused }) => reused)).toEqual(samples.map(() => true));
	const proof = (list: IDataObject[]) =>
		list.map(({ sha256, size, mimeType, checkedAt }) => ({ sha256, size, mimeType, checkedAt }));
	expect(proof(again)).toEqual(proof(entries));
});

test('unknown values are left out', async () => {
	const node = imageNode({ options: { evidence: true } }, GOES_ON);
	const result = await bench.run([itemOf(textFile())], [node]);
	const [entry] = entriesOf(result.items[0]);
	expect(entry).toHaveProperty('error');
	for (const name of ['sha256', 'checkedAt']) expect(entry).not.toHaveProperty(name);
});
