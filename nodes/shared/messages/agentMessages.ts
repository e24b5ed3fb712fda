import type { MediaKind } from '../../../client';
import type { InputProblem } from '../settings/inputProblem';
import { inputMessage } from './inputMessages';
import type { Message } from './message';

const LACKS_FILE = new Set<InputProblem['kind']>(['noField', 'noMatch', 'noFile']);

/** The message for an AI Agent, which reads a single text and can't provide files. */
export function messageForAgent(problem: InputProblem, media: MediaKind): Message {
	const { message, description } = inputMessage(problem, media);
	const lacksFile = LACKS_FILE.has(problem.kind);
	const what = lacksFile ? whatItNeeds(media) : description;
	return { message: `${message}. ${what}`, description: what };
}

function whatItNeeds({ name }: MediaKind): string {
	return `This tool checks ${name} files, but an AI Agent passes only text to its tools. Use the tool 'Call n8n Workflow' instead, with a workflow that fetches the ${name}, for example from a URL, and passes it to this node.`;
}
