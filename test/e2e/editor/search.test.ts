import { chain } from '../../support/engine/workflows';
import { Editor } from '../../support/host/editor/browser';
import { IMAGE, startNode, useBench, VIDEO } from '../bench';

/** What people type who look for these nodes but don't know their names. */
const FOR_BOTH = [
	'bitmind',
	'bit mind',
	'ai generated',
	'ai-generated',
	'ai detector',
	'ai detection',
	'ai checker',
	'detect ai',
	'deepfake',
	'deep fake',
	'deepfakes',
	'detector',
	'real or fake',
	'fake',
	'synthetic media',
	'authenticity',
	'moderation',
	'moderate',
	'content moderation',
	'verification',
	'forensics',
];
const FOR_IMAGES = [
	'ai image',
	'ai photo',
	'fake image',
	'fake photo',
	'image detection',
	'verify image',
	'check image',
	'photo',
	'picture',
];
const FOR_VIDEOS = ['ai video', 'fake video', 'video detection', 'verify video', 'check video'];

/** More can only be seen by scrolling. */
const MAX_LINES = 4;

const bench = useBench();
let editor: Editor;
beforeAll(async () => {
	editor = await Editor.open(bench.api);
	const id = await bench.api.createWorkflow({ name: 'Search', ...chain([startNode()]) });
	await editor.openWorkflow(id);
	await editor.searchNodeCreator('');
});
afterAll(async () => await editor?.close());

// n8n's search doesn't find nodes of the category 'AI', so these must not be in it.
test.each([
	...FOR_BOTH.map((text) => [text, [IMAGE, VIDEO]] as const),
	...FOR_IMAGES.map((text) => [text, [IMAGE]] as const),
	...FOR_VIDEOS.map((text) => [text, [VIDEO]] as const),
])('a search for %p finds %p among the first', async (text, nodes) => {
	const found = await editor.searchAgain(text);
	await editor.screenshot(`search ${text}`);
	expect(found.slice(0, MAX_LINES)).toEqual(expect.arrayContaining([...nodes]));
});

test("searches for something else don't find them", async () => {
	for (const text of ['gmail', 'edit image', 'read file', 'merge', 'spreadsheet']) {
		const found = await editor.searchAgain(text);
		expect(found.filter((name) => name === IMAGE || name === VIDEO)).toEqual([]);
	}
});
