import { imageNode, itemOf, useBench } from '../../support/engine/bench';
import { image } from '../../support/engine/media';

const bench = useBench();
const tool = (parameters = {}) => ({
	...imageNode(parameters),
	type: 'n8n-nodes-bitmind.batchImageDetectTool',
});

test.each(['fail', 'passThrough'])(
	"bug: an agent learns why it gets no verdict, with 'Items Without a Matching File' at %s",
	async (otherItems) => {
		const result = await bench.run([{ json: { query: 'cat.jpg' } }], [tool({ otherItems })]);
		expect(result.error).toBeUndefined();
		expect(result.items[0]?.json.error).toMatch(
			/no binary field 'data'.*an AI Agent passes only text to its tools.*Call n8n Workflow/,
		);
	},
);

test('for an agent, the node has one output, even if it routes', async () => {
	const result = await bench.run([itemOf(image())], [tool({ routeByVerdict: true })]);
	expect(result.items[0]?.json).toMatchObject(image().verdict);
});
