import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { INodeParameters } from 'n8n-workflow';
import { image, images, sampleOf, video, type Sample } from '../support/engine/media';
import { chain, node } from '../support/engine/workflows';
import { codeNode, IMAGE, readFiles, useBench } from './bench';

const bench = useBench();
const GOES_ON = { onError: 'continueRegularOutput' } as const;
const MEDIA = join(__dirname, '../fixtures/media');
const load = (path: string) => sampleOf(path.split('/')[1] ?? '', readFileSync(join(MEDIA, path)));

test('files of other types are named, and the others get their verdicts', async () => {
	const others: [Sample, RegExp][] = [
		[load('notMedia/still-life.heic'), /is HEIC .*Most Compatible/],
		[load('notMedia/voice-memo.mp4'), /contains sound, but no picture/],
		[load('misnamed/virus-scan-page.jpg'), /is a web page \('Virus scan warning'\)/],
		[load('misnamed/base64-text.jpg'), /is base64 text \(of a JPEG file\)/],
	];
	const phone = load('phone/phone-3gp5-isom.mp4');
	for (const [good, detect] of [
		[image(), bench.imageNode({}, GOES_ON)],
		[video(), bench.videoNode({}, GOES_ON)],
		[phone, bench.videoNode({}, GOES_ON)],
	] as const) {
		const files = await bench.write([good, ...others.map(([file]) => file)]);
		const { items, error } = await bench.run([readFiles(files), detect]);
		expect(error).toBeUndefined();
		expect(items[0]?.json).toMatchObject(good.verdict);
		others.forEach(([, pattern], n) => expect(items[n + 1]?.json.error).toMatch(pattern));
	}
});

describe('a binary object that a Code node makes', () => {
	/** One item per way. `bytes` are those of the item's file. */
	const WAYS: Record<string, string> = {
		buffer: '{ data: bytes, mimeType }',
		bytes: '{ data: new Uint8Array(bytes), mimeType }',
		base64: '{ data: base64, mimeType }',
		lines: "{ data: base64.replace(/.{76}/g, '$&\\n'), mimeType }",
		dataUri: "{ data: 'data:image/png;base64,' + base64, mimeType }",
		blanks: "{ data: base64.replaceAll('+', ' '), mimeType }",
		prepared: "await this.helpers.prepareBinaryData(bytes, 'photo.png')",
	};
	const LOST = '{ data: file.data, mimeType, fileName: file.fileName }';

	/** What a Code node makes of one file. */
	async function made(sample: Sample, objects: string[], parameters: INodeParameters = {}) {
		const code = codeNode(`
			const file = $input.first().binary.data;
			const mimeType = 'image/png';
			const bytes = await this.helpers.getBinaryDataBuffer(0, 'data');
			const base64 = bytes.toString('base64');
			return [${objects.map((object) => `{ json: {}, binary: { data: ${object} } }`).join(',')}];
		`);
		const files = readFiles(await bench.write([sample]));
		return await bench.run([files, code, bench.imageNode(parameters, GOES_ON)]);
	}

	test('is read byte for byte', async () => {
		const sample = image('made');
		const { items, error } = await made(sample, Object.values(WAYS));
		expect(error).toBeUndefined();
		const found = Object.keys(WAYS).map((way, n) => [way, items[n]?.json.confidence]);
		const { confidence } = sample.verdict;
		expect(found).toEqual(Object.keys(WAYS).map((way) => [way, confidence]));
	});

	test.each([{}, { otherItems: 'passThrough' }])(
		"doesn't count as a file of another kind if it is a copy without its ID: %j",
		async (parameters) => {
			const { items } = await made(image('lost'), [LOST], parameters);
			expect(items[0]?.json.error).toMatch(
				/a copy that lost its id\. Copy the whole .*\[item 0\]$/,
			);
			expect(bench.emulator.requests).toEqual([]);
		},
	);
});

describe('a form', () => {
	/** Sends the form as a browser does, and returns the output of the next node. */
	async function submit(
		binaryPropertyName: string,
		uploads: readonly (readonly [label: string, files: Sample[]])[],
	) {
		const path = `form-${Date.now()}`;
		const values = uploads.map(([fieldLabel, files]) => ({
			fieldLabel,
			fieldType: 'file',
			multipleFiles: files.length > 1,
		}));
		const parameters = { formTitle: 'Upload', formFields: { values }, options: { path } };
		const form = node('n8n-nodes-base.formTrigger', 'Form', parameters, {
			typeVersion: 2.2,
			webhookId: path,
		});
		const workflow = chain([form, bench.imageNode({ binaryPropertyName }, GOES_ON)]);
		const id = await bench.api.createWorkflow({ name: 'Form', ...workflow });
		await bench.api.publish(id);
		const body = new FormData();
		uploads.forEach(([, files], n) => {
			for (const { content, fileName, mimeType } of files) {
				body.append(`field-${n}`, new File([content], fileName, { type: mimeType }));
			}
		});
		const url = `${bench.shared.url}/form/${path}`;
		while ((await fetch(url)).status === 404) await sleep(200);
		const response = await fetch(url, { method: 'POST', body });
		expect(response.ok).toBe(true);
		let executions: string[] = [];
		while (executions.length === 0) executions = await bench.api.executionsOf(id);
		const run = await bench.api.waitForExecution(executions[0] as string);
		await bench.api.unpublish(id);
		const [item] = run.data.resultData.runData[IMAGE]?.[0]?.data?.main?.[0] ?? [];
		return item?.json as any;
	}

	const [front, back] = images(2, 'form') as [Sample, Sample];

	// n8n 2.41.1 can't publish a form in a combined workflow. test/engine has its items.
	test.each(['={{ $json["Your photo"] }}', 'Your photo'])(
		'gives its file for what users drag from its output: %s',
		async (parameter) => {
			const json = await submit(parameter, [['Your photo', [front]]]);
			expect(json).toMatchObject(front.verdict);
		},
	);

	test('gives several files of one field', async () => {
		const json = await submit('={{ $json.Pages }}', [['Pages', [front, back]]]);
		// n8n numbers the files as they reach its disk, which is not always the order of the form.
		const found = json.bitMind.files.map((file: any) => [file.fileName, file.confidence]);
		expect(found.sort()).toEqual(
			[front, back].map(({ fileName, verdict }) => [fileName, verdict.confidence]).sort(),
		);
	});
});
