/** What pets are called. */
export const names = (
  "ant bass bear bee bird bison boar buck bug bull calf cat clam cod colt crab crane cricket crow deer dingo dog dove " +
  "duck eagle eel elk falcon fawn finch fish flea foal fox frog gecko goat goose grouse gull hare hawk hen heron hog " +
  "horse hound ibex impala jay kite kiwi koala lamb lark lemur liger lion lizard llama lobster lynx mako mole monkey " +
  "moose moth mouse mule newt octopus oryx osprey ostrich otter owl ox oyster panda parrot pig pika pony pug puma quail " +
  "rabbit racer ram raven ray robin rodent sailfish salmon seal shark sheep shiner shrew shrimp skink skunk sloth slug " +
  "snail snake squid stag stork sunfish swan swift tapir teal termite tiger toad trout tuna turkey turtle unicorn viper " +
  "vulture walrus wasp weevil whale wolf wombat worm wren yak zebra"
).split(" ");

export const adjectives = (
  "able active alert amazed ample apt artistic balanced big blessed bold brave brief bright busy calm capable careful " +
  "caring casual causal certain charmed cheerful clean clear clever close cool correct crisp crucial cute dear deep " +
  "direct driven eager easy electric enabled endless epic equal evident exact exotic fair faithful famous fancy fast " +
  "fine firm fit fleet fluent flying fond free fresh full fun funky game gentle giving glad golden good grand grateful " +
  "great handy happy hardy helped heroic holy honest humble ideal immune intent keen key kind known large lasting leading " +
  "learning legal lenient liked living loved loyal lucky magical main major massive master mature mint model modern " +
  "modest moral moved musical mutual native neat new next nice noble normal noted novel open optimal patient perfect " +
  "picked pleasant polished polite popular positive precious premium present pretty prime probable prompt proper proud " +
  "pumped pure quality quick quiet rapid rare ready real refined regular relaxed renewed rested rich right robust saved " +
  "secure select sharp simple sincere smart smooth social solid sound special square stable star steady stirred strong " +
  "subtle sunny super sweet talented tender tidy top touched tough trusted up usable useful valid valued vast viable " +
  "vital warm welcome whole wise witty wondrous worthy"
).split(" ");

export const adverbs = (
  "actively actually amazingly annually barely basically blatantly broadly carefully centrally certainly clearly commonly " +
  "constantly correctly curiously daily deadly deeply directly early easily enormously entirely equally evenly evidently " +
  "exactly explicitly fairly finally firmly forcibly formally freely frankly fully gently gladly globally gradually " +
  "happily hardly heavily highly honestly hopefully humbly ideally infinitely instantly jointly largely lately legally " +
  "likely lively locally loosely mainly manually merely mildly mostly mutually naturally nearly neatly newly nicely " +
  "notably officially openly overly partially partly physically plainly positively presently primarily privately probably " +
  "promptly properly publicly purely quickly quietly rarely readily really recently regularly remotely repeatedly rightly " +
  "roughly scarcely secretly secondly seriously severely sharply shortly simply slightly slowly smoothly specially " +
  "steadily strangely strictly strongly suddenly supposedly surely terribly thankfully thoroughly totally truly " +
  "typically uniformly usefully utterly vaguely vastly verbally visually weekly widely willingly wholly wrongly yearly"
).split(" ");
