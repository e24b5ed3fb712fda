import { images, sampleOf, textFile, videos } from '../../support/engine/media';
import { jsonOf, named, useExample } from './exampleBench';

const example = useExample('check-a-folder.json');

test('every file of the folder has its verdict or the reason why not', async () => {
	const samples = [
		...images(3).map((sample) => named(sample, `a-${sample.fileName}`)),
		...videos(3).map((sample) => named(sample, `b-${sample.fileName}`)),
	];
	const empty = sampleOf('c-empty.jpg', Buffer.alloc(0));
	await example.write([...samples, empty, named(textFile(), 'd-notes.txt')]);
	const run = await example.run(await example.import(), 'When clicking ‘Execute workflow’');
	expect(jsonOf(run, 'Check Videos')).toMatchObject([
		...samples.map(({ verdict }) => verdict),
		{ error: expect.stringContaining('is empty') },
		{ isAI: null, confidence: null },
	]);
});
