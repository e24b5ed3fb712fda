import { images, textFile } from '../support/engine/media';
import { chain } from '../support/engine/workflows';
import { installHost } from '../support/host/install/install';
import { N8n } from '../support/host/n8n';
import { itemsOf } from '../support/host/runOutput';
import { expectVerdicts, IMAGE, readFiles, startNode, useBench } from './bench';
import { HOST_VERSION } from './setup';

const bench = useBench();

/** Runs `n8n execute`, in its own process, with the data of the running n8n. */
async function execute(pattern: string) {
	const { userFolder, filesFolder } = bench.shared;
	const host = await installHost(HOST_VERSION, console.log);
	const n8n = await N8n.create({ host, userFolder, readableFolders: [filesFolder] });
	const workflow = chain([startNode(), readFiles(pattern), bench.imageNode()]);
	const id = await bench.api.createWorkflow({ name: 'Command line', ...workflow });
	return await n8n.execute(id);
}

test('a workflow that is executed on the command line ends with 0 and every verdict', async () => {
	const samples = images(60);
	const { exitCode, run, output } = await execute(await bench.write(samples));
	expect([exitCode, exitCode === 0 ? '' : output]).toEqual([0, '']);
	expectVerdicts(itemsOf(run!, IMAGE), samples);
	expect(bench.emulator.batchRequests).toHaveLength(2);
});

test('a workflow that fails ends with 1 and says why', async () => {
	const { exitCode, output } = await execute(await bench.write([textFile()]));
	expect(exitCode).toBe(1);
	expect(output).toContain("in 'data' is plain text, not JPEG, PNG or WebP.");
});
