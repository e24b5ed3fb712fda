import type { IDataObject } from 'n8n-workflow';
import { imageNode, itemOf, useBench, videoNode } from '../../support/engine/bench';
import { images, video } from '../../support/engine/media';

const bench = useBench();
const samples = images(5, 'memory');
const items = samples.map((sample) => itemOf(sample));
const OPTIONS = { options: { rememberDays: 7 } };
const remembering = imageNode(OPTIONS);

const sentFiles = () => bench.emulator.batchRequests.flatMap(({ files }) => files).length;
const keptFor = ({ global }: IDataObject) => Object.keys((global as any)?.bitMindVerdicts ?? {});

test('bug: a node keeps its memory when it is renamed', async () => {
	const { staticData } = await bench.run(items, [remembering]);
	bench.emulator.reset();
	const renamed = { ...remembering, name: 'Check uploads' };
	const result = await bench.run(items, [renamed], { staticData });
	expect(sentFiles()).toBe(0);
	samples.forEach(({ verdict }, n) => expect(result.items[n]?.json).toMatchObject(verdict));
	expect(keptFor(result.staticData)).toEqual([remembering.id]);
});

test('bug: the memory of a deleted node is dropped, and no other', async () => {
	const other = videoNode(OPTIONS);
	const pass = { ...OPTIONS, otherItems: 'passThrough' };
	const both = [imageNode(pass), videoNode(pass)];
	const mixed = [...items, itemOf(video('memory'))];
	const first = await bench.run(mixed, both);
	expect(keptFor(first.staticData).sort()).toEqual([other.id, remembering.id].sort());

	const more = [itemOf(video('more'))];
	const second = await bench.run(more, [other], { staticData: first.staticData });
	expect(keptFor(second.staticData)).toEqual([other.id]);
});

test('two nodes of a workflow have separate memories', async () => {
	const first = await bench.run(items, [remembering]);
	bench.emulator.reset();
	const another = { ...remembering, id: 'another', name: 'Another' };
	await bench.run(items, [another], { staticData: first.staticData });
	expect(sentFiles()).toBe(5);
});

test('the memory of version 0.1, under the name of the node, is read once and moved', async () => {
	const { staticData } = await bench.run(items, [remembering]);
	const stored = JSON.parse((staticData.global as any).bitMindVerdicts[remembering.id]);
	const source = bench.emulator.url;
	const former = { bitMindVerdicts: { source, files: JSON.stringify(stored[source]) } };
	bench.emulator.reset();

	const old = { [`node:${remembering.name}`]: former };
	const more = [...items, itemOf(images(6, 'memory')[5]!)];
	const result = await bench.run(more, [remembering], { staticData: old });
	expect(sentFiles()).toBe(1);
	expect(result.staticData[`node:${remembering.name}`]).toEqual({});
	bench.emulator.reset();
	await bench.run(more, [remembering], { staticData: result.staticData });
	expect(sentFiles()).toBe(0);
});

test.each(['{"a":', '{"a":null}', '{"http://x":[1]}', '[]', 'null', { a: 1 }, 7])(
	'a damaged memory is an empty one: %j',
	async (text) => {
		const kept = { bitMindVerdicts: { [remembering.id]: text } };
		const staticData = { global: kept, [`node:${remembering.name}`]: kept } as IDataObject;
		const result = await bench.run(items, [remembering], { staticData });
		expect(result.error).toBeUndefined();
		samples.forEach(({ verdict }, n) => expect(result.items[n]?.json).toMatchObject(verdict));
		expect(sentFiles()).toBe(5);
	},
);

test('the static data of other nodes stays as it is', async () => {
	const staticData = { global: { counter: 7 } };
	const result = await bench.run(items, [remembering], { staticData });
	expect(result.staticData.global).toMatchObject({ counter: 7 });
});
