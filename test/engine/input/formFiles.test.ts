import type { IBinaryData } from 'n8n-workflow';
import { expectVerdict, imageNode, useBench } from '../../support/engine/bench';
import { images, type Sample } from '../../support/engine/media';
import type { SourceItem } from '../../support/engine/standIns';

const [one, two, three] = images(3, 'form') as [Sample, Sample, Sample];

/** Uploads by the labels of a form. A field with several files has a list. */
type Uploads = Record<string, Sample | Sample[]>;

/** The item that n8n's form creates from uploads (Form/utils, prepareFormReturnItem). */
function submitted(uploads: Uploads): SourceItem {
	const files: Record<string, Sample> = {};
	const json: Record<string, unknown> = { submittedAt: 'now', formMode: 'test' };
	for (const [label, value] of Object.entries(uploads)) {
		const field = label.replace(/\W/g, '_');
		if (Array.isArray(value)) value.forEach((file, n) => (files[`${field}_${n}`] = file));
		else files[field] = value;
		json[label] = Array.isArray(value) ? value.map(answer) : answer(value);
	}
	return { files, json: json as never };
}

function answer({ fileName, mimeType, content }: Sample): object {
	return { filename: fileName, mimetype: mimeType, size: content.length };
}

/** The same in a combined workflow, in which the files are in the JSON. */
function submittedCombined(uploads: Uploads): SourceItem {
	const { files } = submitted(uploads);
	const json: Record<string, unknown> = {};
	const rewrite = (binary: Record<string, IBinaryData>) => {
		for (const [label, value] of Object.entries(uploads)) {
			const field = label.replace(/\W/g, '_');
			json[label] = Array.isArray(value)
				? value.map((_, n) => binary[`${field}_${n}`])
				: binary[field];
		}
		return {};
	};
	return { files, json: json as never, rewrite };
}

describe('a form', () => {
	const bench = useBench();

	async function checked(uploads: Uploads, binaryPropertyName: string, json = {}) {
		const item = submitted(uploads);
		const input = { ...item, json: { ...item.json, ...json } };
		const result = await bench.run([input], [imageNode({ binaryPropertyName })]);
		if (result.error) return result.error.message;
		const { files } = result.items[0]?.json.bitMind as any;
		return files.map(({ field, confidence }: any) => [field, confidence]);
	}
	const found = (field: string, { verdict }: Sample) => [field, verdict.confidence];

	test.each([
		['Image', 'Image', '={{ $json.Image }}'],
		['Your photo (JPEG)', 'Your_photo__JPEG_', '={{ $json["Your photo (JPEG)"] }}'],
		['写真', '__', '={{ $json["写真"] }}'],
		['Image', 'Image', '={{ $("Source").item.json.Image }}'],
		['Your photo (JPEG)', 'Your_photo__JPEG_', 'Your photo (JPEG)'],
	])(
		"bug: 'field \"%s\" of a form is binary field '%s' for %s",
		async (label, field, parameter) => {
			expect(await checked({ [label]: one, Other: two }, parameter)).toEqual([found(field, one)]);
		},
	);

	test.each(['={{ $json.Photos }}', 'Photos', '={{ [$json.Photos[0], $json.Photos[1]] }}'])(
		'bug: a field with several files gives all of them: %s',
		async (parameter) => {
			const uploads = { Photos: [one, two], Cover: three };
			expect(await checked(uploads, parameter)).toEqual([
				found('Photos_0', one),
				found('Photos_1', two),
			]);
		},
	);

	test('one of several uploads is found', async () => {
		const uploads = { Photos: [one, two] };
		expect(await checked(uploads, '={{ $json.Photos[1] }}')).toEqual([found('Photos_1', two)]);
	});

	test('a field for several files with only one file has no number', async () => {
		const result = await checked({ Photos: one }, '={{ [$json.Photos] }}');
		expect(result).toEqual([found('Photos', one)]);
	});

	test('several fields may be combined', async () => {
		const uploads = { Front: one, Pages: [two, three] };
		const all = [found('Pages_0', two), found('Pages_1', three), found('Front', one)];
		expect(await checked(uploads, '={{ [$json.Pages, $json.Front] }}')).toEqual(all);
		expect(await checked(uploads, 'Pages, Front')).toEqual(all);
	});

	describe('with uploads of the same name and size', () => {
		const alike = [one, two].map((sample, n) => {
			const content = Buffer.concat([
				sample.content,
				Buffer.alloc(80_000 - sample.content.length, n),
			]);
			return { ...sample, content, fileName: 'image.jpg', mimeType: 'image/jpeg' };
		}) as [Sample, Sample];

		test('guesses none of them', async () => {
			const uploads = { Front: alike[0], Back: alike[1] };
			const message = await checked(uploads, '={{ $json.Back }}');
			expect(message).toMatch(/gives an object that leads to no file \(image.jpg\)/);
			expect(bench.emulator.requests).toEqual([]);
		});

		test('takes all of them if all are given', async () => {
			const files = await checked({ Photos: alike }, '={{ $json.Photos }}');
			expect(files.map(([field]: [string]) => field)).toEqual(['Photos_0', 'Photos_1']);
		});
	});

	test('finds a file by its label if a node has renamed it', async () => {
		const { json, files } = submitted({ Image: one, Other: two });
		const input = { json, files: { ...files, Image: { ...one, fileName: 'renamed.jpg' } } };
		const node = imageNode({ binaryPropertyName: '={{ $json.Image }}' });
		const result = await bench.run([input], [node]);
		expect(result.items[0]?.json).toMatchObject(one.verdict);
	});

	test('finds a file by its name and size if the label is gone', async () => {
		const gone = { Image: undefined, answer: answer(one) };
		const result = await checked({ Image: one, Other: two }, '={{ $json.answer }}', gone);
		expect(result).toEqual([found('Image', one)]);
	});

	test('without a file in the field, is an item without a file', async () => {
		const item = { ...submitted({ Other: two }), json: { Image: null } as never };
		const node = (parameters = {}) =>
			imageNode({ binaryPropertyName: '={{ $json.Image }}', ...parameters });
		const refused = await bench.run([item], [node()]);
		expect(refused.error?.message).toMatch(/gives no file for this item/);
		const passed = await bench.run([item], [node({ otherItems: 'passThrough' })]);
		expect(passed.items[0]?.json).toMatchObject({ isAI: null });
	});

	test("another file's description leads to no file", async () => {
		const json = { other: answer(three) };
		expect(await checked({ Image: one }, '={{ $json.other }}', json)).toMatch(/leads to no file/);
	});
});

describe('a form of a combined workflow', () => {
	const bench = useBench({ settings: { binaryMode: 'combined' } });

	test.each([
		['={{ $json.Image }}', [one]],
		['Image', [one]],
		['={{ $json["My photos"] }}', [two, three]],
		['My photos', [two, three]],
		['My photos[1]', [three]],
		['*', [one, two, three]],
		['My*', [two, three]],
	] as const)('gives its files for %s', async (binaryPropertyName, samples) => {
		const input = submittedCombined({ Image: one, 'My photos': [two, three] });
		const result = await bench.run([input], [imageNode({ binaryPropertyName })]);
		expect(result.error).toBeUndefined();
		const { files } = result.items[0]?.json.bitMind as any;
		expect(files.map(({ confidence }: any) => confidence)).toEqual(
			samples.map(({ verdict }) => verdict.confidence),
		);
	});
});

describe("a field's name", () => {
	const bench = useBench();

	test.each([
		['data ', 'data '],
		['data', 'data '],
		[' data', 'data '],
		['data ,other', 'data '],
		['other, data ', 'data '],
		['={{ ["data "] }}', 'data '],
		['data *', 'data '],
		['data,', 'data '],
	])('bug: %j finds %j, which ends with a space', async (binaryPropertyName, field) => {
		const input = { files: { [field]: one, other: two } };
		const result = await bench.run([input], [imageNode({ binaryPropertyName })]);
		expect(result.error).toBeUndefined();
		const { files } = result.items[0]?.json.bitMind as any;
		expect(files.find((file: any) => file.field === field)).toMatchObject(one.verdict);
	});

	test('is taken exactly if two names differ by a space', async () => {
		const input = { files: { data: one, 'data ': two } };
		const plain = await bench.run([input], [imageNode({ binaryPropertyName: 'data' })]);
		expectVerdict(plain.items[0], one, 'data');
		const blank = await bench.run([input], [imageNode({ binaryPropertyName: 'data ' })]);
		expectVerdict(blank.items[0], two, 'data ');
	});
});
