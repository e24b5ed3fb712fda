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
	return `This tool checks ${name} files, and an AI Agent hands its tools text alone. Use the tool 'Call n8n Workflow' in place of this one, with a workflow that fetches the ${name}, from a URL for example, and passes it to this node.`;
}
