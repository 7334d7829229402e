// What the server sends to the components, and what they send back. Only the type checker reads it.

export type Status = "waiting" | "running" | "paused" | "finished" | "cancelled" | "failed";

/** The live route's, and what stands in for it while it is out of reach: "ended" is for good. */
export type Connection = "connected" | "reconnecting" | "unreachable" | "ended";

export type Wish = "pause" | "resume" | "step" | "cancel";

/** A number, or null for one that JSON does not have. */
export type Value = number | null;

/** iteration, score of each picture, penalties by name, size of each picture's gradient, learning rate, seconds */
export type Point = [
    iteration: number,
    scores: Value[],
    penalties: Record<string, Value>,
    gradients: Value[],
    learningRate?: Value,
    seconds?: Value,
];

/** The iteration at which something was changed, and what. */
export type Mark = [iteration: number, sentence: string];

/** Between which iterations, and how close together, pictures are recorded. */
export interface Recorded {
    first: number;
    last: number;
    spacing: number;
}

/** What is wrong with a picture, in English, with places for values; `picture` of several, from 1. */
export interface Diagnosis {
    kind: string;
    sentence: string;
    values: { [name: string]: string | number | string[] };
    picture: number;
    remedy: string;
    label: string;
}

/** Score and rank under views that the picture was not made with. */
export interface HeldOut {
    score: number;
    rank: number | null;
    of: number | null;
}

/** Where a run stands. */
export interface Standing {
    status: Status;
    error: string;
    iteration: number;
    iterations: number;
    diagnosis: Diagnosis | null;
    recorded: Recorded | null;
    rate: number;
    heldOut?: HeldOut | null;
}

/** Of a message of the live route (feed.py). */
export interface Header extends Standing {
    run: string;
    seq: number;
    sizes: number[];
    points: Point[];
    marks: Mark[];
}

/** How long the gallery's picture may be shown, at most, of how many iterations and how wide a picture. */
export interface Preview {
    until: number;
    iterations: number;
    width: number;
}

/** A run, as the page describes it to the viewer. */
export interface Run {
    key: string;
    title: string;
    captions: string[];
    about: string;
    colour: number | null;
    preview: Preview | null;
}

/** What varies along one side of a sweep. */
export interface Axis {
    name: string;
    values: string[];
}

/** What the page says to its viewer (view.py). */
export interface ViewerData {
    files: string;
    live: string;
    server: string;
    runs: Run[];
    device: string;
    height: string;
    scoreLabel: string;
    placeholder: string;
    board: boolean;
    across: number;
    difference: string[];
    picked: string;
    again: string;
    title: string;
    axes: Axis[];
    still: string;
    iterations: number;
    covered: Record<"waiting" | "running" | "paused" | "ended", string> | null;
    quiet: boolean;
    words: Record<string, string>;
    kept: string;
    welcome: string;
    unmoved: string;
}

export type ViewerEvent =
    | { kind: "branch"; run: string; iteration: number; until: number }
    | { kind: "remedy"; run: string; remedy: string }
    | { kind: "chosen"; run: string }
    | { kind: "again"; run: ""; of: string };

export type GalleryStatus = "working" | "waiting" | "paused" | "complete" | "failed";
export type Stage = "coarse" | "fine";
export type Flag = "" | "silent" | "failed";

export type TileNews = [channel: number, stage: Stage, score: number, flag: Flag, reason: string];

/** What is new in a gallery since a version, and how far all of it is (filling.py). */
export interface GalleryState {
    version: number;
    tiles: TileNews[];
    count: number;
    coarse: number;
    fine: number;
    progress: number;
    left: number | null;
    status: GalleryStatus;
    error: string;
}

export interface GalleryData {
    files: string;
    door: string;
    title: string;
    count: number;
    width: number;
    height: number;
    tall: string;
    chosen: number | null;
    /** what is said, in the page's language (words/gallery.toml) */
    words: { [name: string]: string };
}

export type GalleryEvent = { kind: "open" | "add"; channel: number } | { kind: "reopen" };

/** Where a target stands, and how far one can step from it. */
export interface Neighbours {
    noun: string;
    index: number;
    count: number;
    before: number;
    after: number;
}

/** A layer as the chart tells it (words/layers.py). */
export interface ChartLayer {
    name: string;
    kind: string;
    dimensions: string;
    channels: number;
    positions: [rows: number, columns: number];
    tokens: boolean;
    /** how much of the picture one of its cells sees, in words, "": that is not known yet */
    field: string;
    /** how many layers lie inside */
    inner: number;
    /** which of the sentences is about its kind */
    about: number;
}

/** About a kind of module, and the glossary's word for it with its address: "" where it has none. */
export type KindSentence = [text: string, word: string, address: string];

export interface ChartLayers {
    layers: ChartLayer[];
    sentences: KindSentence[];
}

export interface ArchitectureData extends ChartLayers {
    files: string;
    /** where pictures and inner layers are asked for */
    door: string;
    size: [height: number, width: number];
    /** whether pictures are made unasked */
    makes: boolean;
    /** the names of the layers that the target reads */
    reads: string[];
    neighbours: Neighbours;
}

/** Of a block: its place, which channel's picture it has under which version, or why there is none. */
export type BlockPicture = [index: number, layer: string, channel: number, version: string, words: string];

/** What is new among a network's pictures since a version (block_pictures.py). */
export interface BlockPictures {
    version: number;
    count: number;
    status: "off" | "making" | "complete";
    pictures: BlockPicture[];
}

export interface Step {
    kind: "step";
    channels: number;
    layers: number;
}

export type ArchitectureEvent = Step | { kind: "random" } | { kind: "layer"; name: string };

/** Of an image: pixels from its top and left, height, width. */
export type Frame = [top: number, left: number, height: number, width: number];

/** Something that can be saved: where it lies, what it is called, and its name within a sentence. */
export type Save = [href: string, label: string, what: string];

/** A map as the page describes it. */
export interface MapEntry {
    key: string;
    title: string;
    layer: string;
    meaning: string;
    misleads: string;
    signed: boolean;
    offersSigned: boolean;
    saves: Save[];
    evidence: boolean;
    /** "evidence", "layers": what has been begun of it, which a reload leaves */
    begun: string[];
}

/**
 * Of a map's message: how far it is, what its values are, whether some lie beyond the top of their scale, and of which
 * other layers its run has maps.
 */
export interface MapHeader {
    step: number;
    status: Status;
    error: string;
    fraction: number;
    passes: number;
    height: number;
    width: number;
    rows: number;
    columns: number;
    signed: boolean;
    top: number;
    beyond: boolean;
    words: string;
    score: Value;
    completeness: [sum: number, expected: number] | null;
    layer: string;
    layers?: string[];
}

/** How far the search for the smallest region is that changes the answer, and what the answer is then. */
export interface FlipNews {
    step: number;
    status: Status;
    error: string;
    mask: string;
    share: number;
    class: ClassEntry | null;
    words: string;
}

/** The map after the weights down to a layer were drawn anew, and its rank correlation with the map as trained. */
export interface CascadeStage {
    name: string;
    values: string;
    correlation: [mean: number, low: number, high: number] | null;
}

export interface Cascade {
    height: number;
    width: number;
    signed: boolean;
    stages: CascadeStage[];
}

/** How well each layer's map marks what the score depends on, as far as it is known: larger is better. */
export interface LayersNews {
    step: number;
    status: Status;
    error: string;
    scores: { [layer: string]: number };
}

/** What tests of a map have found so far. */
export interface EvidenceNews {
    step: number;
    status: Status;
    error: string;
    fraction: number;
    what?: string;
    cascade?: Cascade;
    curves?: { [name: string]: [fraction: number, score: number][] };
    areas?: { [name: string]: number };
    agreement?: [between: string, correlation: number][];
    verdict?: string[];
    note?: string;
}

export type ClassEntry = [index: number, name: string, probability: number];

/** What a masked picture makes of a class: its probability now and before. */
export type ClassChange = [index: number, name: string, probability: number, before: number];

/** `picture`: the masked one as a JPEG in Base64, where it was asked for. */
export interface TouchAnswer {
    score: Value;
    before: Value;
    classes: ClassChange[];
    picture?: string;
}

/** The target: a class, in place of another one perhaps, or something else that has a title only. */
export interface Explained {
    title: string;
    index: number | null;
    against: number | null;
    score: Value;
}

export interface ExplainData {
    files: string;
    door: string;
    image: { version: string; height: number; width: number; given: [height: number, width: number] | null };
    frame: Frame;
    size: [height: number, width: number];
    maps: MapEntry[];
    colours: { diverging: string; sequential: string };
    classes: ClassEntry[];
    explained: Explained;
    synthesized: string | null;
    saves: Save[];
    /** of the maps over the image, 0 to 1 */
    opacity: number;
    flip: boolean;
    /** whether the smallest region has been searched for */
    searched: boolean;
    mode: "frame" | "touch" | "";
    /** what stands in place of the maps before a prediction; "": they are shown */
    covered: string;
    turn: number;
}

export type ExplainEvent =
    | { kind: "frame"; frame: Frame }
    | { kind: "explain_class" | "against"; index: number }
    | { kind: "remove" | "pause" | "resume" | "stop" | "signed"; key: string }
    | { kind: "layer"; key: string; layer: string }
    | { kind: "opacity"; opacity: number }
    | { kind: "open" | "reopen" };

/** Of a sheet: every channel's map of a layer, for one picture. */
export interface SheetHeader {
    layer: string;
    channels: number;
    rows: number;
    columns: number;
    reduced: number;
    height: number;
    width: number;
    classes: ClassEntry[];
    /** of its channels, where they are the classes */
    names: string[];
    frame: number;
}

export interface LayersData {
    files: string;
    door: string;
    version: string;
    network: string;
    size: [height: number, width: number];
    layers: [name: string, title: string, channels: number][];
    layer: string;
    channel: number | null;
    colours: { diverging: string; sequential: string };
    tall: string;
    turn: number;
}

export type LayersEvent =
    | { kind: "layer"; layer: string }
    | { kind: "channel"; layer: string; channel: number | null }
    | { kind: "open"; layer: string; channel: number; start: "noise" | "image" }
    | { kind: "explain"; layer: string; channel: number }
    | { kind: "frame" | "reopen" };

/** What Streamlit calls a component with. */
export interface Call<Data> {
    parentElement: HTMLElement;
    data: Data;
    setTriggerValue: (name: string, value: unknown) => void;
    setStateValue: (name: string, value: unknown) => void;
}

export interface UnitEntry {
    title: string;
    door: string;
    layer: string;
    channel: number | null;
    note: string;
    /** whether its picture is shown here */
    synthesized: boolean;
    border: boolean;
}

export interface UnitData {
    files: string;
    units: UnitEntry[];
    version: string;
    folded: boolean;
    /** what is said, in the page's language (words/unit.toml), and "name TITLE" of each sample photograph */
    words: { [name: string]: string };
}

/** image, row, column, value, how many images have a lower one, the field (top, left, height, width), whose, a part of it */
export type UnitPatch = [
    image: number,
    row: number,
    column: number,
    value: number,
    lower: number,
    box: [number, number, number, number],
    name: string,
    part: boolean,
];

/** `counted`: images that are done, of how many. `lacking`: its index has not this layer. `why` it failed, or "". */
export interface UnitFolder {
    making: boolean;
    counted: [n: number, of: number] | null;
    why: string;
    lacking: boolean;
    name: string;
    files: number;
}

/** What the server says of a unit (server/units.py). `folder`: the index that its owner's folder could have. */
interface UnitTold {
    source: string;
    folder: UnitFolder | null;
}

export interface UnitReady extends UnitTold {
    status: "ready";
    images: number;
    /** another one as soon as an image is another */
    version: string;
    /** of the folder */
    name: string;
    small: boolean;
    size: [number, number];
    best: UnitPatch[];
    random: UnitPatch[];
    spread: UnitPatch[];
    /** files that are not in the index, the first of them by name and with the reason */
    skipped: { count: number; files: [name: string, why: string][] };
    /** the values of all images, or of more than 129 some in equal steps of rank */
    quantiles: number[];
    exact: boolean;
    /** whether the layer's maps have more than one cell */
    places: boolean;
    tied: number;
    border: boolean;
    dead: boolean;
    image: { value: number; lower: number; name: string } | null;
}

export type UnitAnswer =
    | UnitReady
    | (UnitTold & { status: "making"; fraction: number; counted: [n: number, of: number] | null })
    | (UnitTold & { status: "failed" | "none"; why: string })
    | (UnitTold & { status: "no_layer" });

/** A step's question, with what was answered (components/lesson). */
export interface LessonQuestion {
    text: string;
    choices: { index: number; text: string; right: boolean | null; feedback: string }[];
    estimate: { low: number; high: number; within: number; given: number | null } | null;
    first: number | null;
}

export interface LessonData {
    files: string;
    door: string;
    words: Record<string, string>;
    lesson: string;
    lang: string;
    step: string;
    title: string;
    steps: { id: string; title: string; done: boolean }[];
    before: string;
    after: string;
    lookFor: string;
    covered: boolean;
    question: LessonQuestion | null;
    hints: string[];
    met: boolean;
    /** for this browser to keep (components/kept); null in a class */
    kept: { token: string; steps: Record<string, StepDone>; recipes: string[] } | null;
    turn: number;
}

/** What was done at a step (state/learning.py). */
export interface StepDone {
    choices: number[];
    estimate: Value;
    hints: number;
    starts: number;
    met: boolean;
}

export interface KeptLesson {
    lang: string;
    step: string;
    steps: Record<string, StepDone>;
    recipes: string[];
}

/** What a browser keeps of lessons: the visitor that it was, the lesson looked at last, and all of them by name. */
export interface KeptLessons {
    token: string;
    last: string;
    lessons: Record<string, KeptLesson>;
}

/** What of it is offered (components/kept): the page's lessons by name, its words by language. */
export interface KeptData {
    files: string;
    lessons: Record<string, { titles: Record<string, string>; steps: string[]; begun: string[] }>;
    words: Record<string, Record<string, string>>;
    turn: number;
}

export interface KeptEvent {
    kind: "resume";
    token: string;
    lessons: { lesson: string; lang: string; step: string; kept: string }[];
}

/** How far the learner's own work is (server/lessons.py). */
export interface LessonNews {
    step: string;
    checks: [said: string, met: boolean][];
    met: boolean;
    hint: boolean;
    now: Value;
    ended: boolean;
}

export type LessonWish =
    | { kind: "go"; step: string }
    | { kind: "answer"; index: number }
    | { kind: "estimate"; value: number }
    | { kind: "hint" | "met" | "reopen" };

/** `at`: the lesson and step that it is about. */
export type LessonEvent = LessonWish & { at: [lesson: string, step: string] };

/** What a member's own browser is told of it; `known`: the class knows a step, answers or a run of before. */
export interface You {
    name: string;
    secret: string;
    hidden: boolean;
    seat: number;
    followed: number;
    known: boolean;
}

/** What the class has answered at a step: [choice, how often], and estimates, of so many members. */
export interface ClassAnswers {
    lesson: string;
    step: string;
    question: string;
    texts: string[];
    choices: [choice: number, count: number][];
    estimates: number[];
    of: number;
}

/** What holds in the class (server/members.py). */
export interface ClassState {
    pushed: {
        kind: "step" | "quiz" | "recipe" | "look";
        number: number;
        lesson: string;
        step: string;
        at: string;
    } | null;
    paused: boolean;
    shown: { name: string } | null;
    revealed: ClassAnswers | null;
}

export interface ClassNews {
    version: number;
    you?: You;
    class?: ClassState;
    refused?: "unknown" | "full";
    ended?: boolean;
}

export interface MemberData {
    files: string;
    door: string;
    join: string;
    lang: string;
    words: Record<string, string>;
    here: Here;
    offered: boolean;
    turn: number;
}

/** What the member's page shows; a lesson's step, or whether it is the quiz, on Learn only. */
export interface Here {
    page: string;
    lesson: string;
    step: string;
    quiz: boolean;
}

export type MemberEvent = { kind: "joined" } | { kind: "pushed"; number: number };

/** A member on the teacher's wall (server/wall.py). */
export interface WallTile {
    id: string;
    name: string;
    seat: number;
    connected: boolean;
    place: string;
    done: number;
    status: string;
    iteration: number;
    score: number | null;
    covered: "" | "own" | "others";
    wait: { what: WaitedFor; seconds: number } | null;
    /** whether its picture is in this message */
    pictured: boolean;
    /** whether the server has one: one that was started again has none at first */
    there: boolean;
}

export type WaitedFor = "network" | "device" | "file";

/** What the teacher's page is told of the class as a whole. */
export interface WallClass {
    code: string;
    address: string;
    link: string;
    qr: string[];
    members: number;
    hidden: number;
    pushed: {
        kind: string;
        number: number;
        lesson: string;
        step: string;
        seeds: boolean;
        at: string;
        followed: number;
    } | null;
    paused: boolean;
    shown: string;
    names_hidden: boolean;
    revealed: ClassAnswers | null;
    runs: number;
    waiting: { what: WaitedFor; count: number; longest: number }[];
    quiz_revealed: boolean;
    quiz: QuizClass[];
}

export interface WallHeader {
    class: WallClass;
    tiles: WallTile[];
    gone: string[];
}

export interface ClassroomData {
    files: string;
    wall: string;
    door: string;
    sheet: string;
    lessons: { name: string; title: string; steps: [id: string, title: string][] }[];
    recipe: string;
    target: string;
    lang: string;
    refusal: string;
}

/** Beside a lesson's picture (components/lesson_panels). */
export interface LessonPanelsData {
    files: string;
    door: string;
    step: string;
    panels: string[];
    formula: string;
    words: Record<string, string>;
}

/** The last step of a run whose both ends are known (server/lesson_numbers.py). */
export interface LessonNumbers {
    run: string;
    title: string;
    iteration: number;
    step: number | null;
    before: Value;
    rise: Value;
    gradient: Value;
    rate: Value;
    noise: Value;
    pictured: boolean;
}

/** What channels gained, beside a lesson's picture (components/gained). */
export interface GainedData {
    files: string;
    about: string;
    head: string;
    note: string;
    rows: { channel: number; name: string; gain: string; bar: number; hint: string }[];
    chosen: number | null;
    turn: number;
}

export interface GainedEvent {
    kind: "chosen";
    channel: number;
}

/** What may be tried next (components/tips). */
export interface KeyboardData {
    files: string;
    /** of the page, as `<html lang>` says it */
    lang: string;
    /** of the sheet of shortcuts, in that language */
    words: Record<string, string>;
}

export interface TipsData {
    files: string;
    tips: [name: string, text: string][];
}

/** What the page says to the quiz; everything else it asks for at its door. */
export interface QuizData {
    files: string;
    door: string;
    lang: string;
    words: Record<string, string>;
}

/** A share of right answers by condition; null: not published. */
export type QuizConditions = Record<string, number | null>;

export interface QuizOwn {
    counted: boolean;
    conditions: Record<string, { right: number; of: number; interval: [low: number, high: number] }>;
    confidences: Record<string, [right: number, of: number]>;
}

/** Of a class that was asked about one network; no shares from too few persons or before they are revealed (quiz_results.py). */
export interface QuizClass {
    network: string;
    begun: number;
    halfway: number;
    finished: number;
    persons: number;
    needed: number;
    revealed: boolean;
    conditions: Record<string, [share: number, low: number, high: number]>;
    published: QuizConditions;
}

export interface QuizTrial {
    status: "trial";
    number: number;
    of: number;
    practice: boolean;
    practices: number;
    condition: string;
    slots: string[];
    waits: boolean;
    missing: number;
    fraction: number;
    failed: boolean;
    halted: boolean;
}

export interface QuizEnd {
    status: "end";
    network: string;
    own: QuizOwn;
    published: { conditions: QuizConditions; confidences: Record<string, number>; source: string };
    class: QuizClass | null;
}

/** Where somebody is in the quiz (quiz.py). */
export type QuizNews =
    | QuizTrial
    | QuizEnd
    | {
          status: "ready";
          network: string;
          images: string;
          count: number;
          cut: number;
          forms: [name: string, trials: number, minutes: number][];
      }
    | { status: "making"; fraction: number; counted: [n: number, of: number] | null }
    | { status: "failed"; words: string }
    | { status: "too_few"; what: string; about: string; found: number; needed: number }
    | { status: "changed"; network: string; images: string; count: number }
    | { status: "gone" };

/** What a practice trial teaches. */
export interface QuizFeedback {
    right: boolean;
    side: "left" | "right";
    layer: string;
    channel: number;
    values: Record<string, number>;
}

export interface QuizAnswered {
    feedback: QuizFeedback | null;
    now: QuizNews;
}
