import type { MediaKind } from '../../../client';
import type { InputProblem } from '../settings/inputProblem';
import { inputWords } from './inputMessages';
import type { Words } from './message';

const LACKS_FILE = new Set<InputProblem['kind']>(['noField', 'noMatch', 'noFile']);

/** An agent reads one text, and has no files to give. */
export function wordsForAgent(problem: InputProblem, media: MediaKind): Words {
	const { message, description } = inputWords(problem, media);
	const lacksFile = LACKS_FILE.has(problem.kind);
	const what = lacksFile ? whatItNeeds(media) : description;
	return { message: `${message}. ${what}`, description: what };
}

function whatItNeeds({ name }: MediaKind): string {
	return `This tool checks ${name} files, and an AI Agent hands its tools text alone. Use the tool 'Call n8n Workflow' in place of this one, with a workflow that fetches the ${name}, from a URL for example, and passes it to this node.`;
}
