"""The words that most guessed passwords are built on: our own list, from what people like.

Names, pets, sports, seasons, machines, insults and endearments; `guessable` adds digits, signs,
look-alike digits and keyboard runs, so that each word stands for thousands of passwords.
"""

_SIGNS_OF_THE_DOOR = """
pass password passwort passw passwd passphrase passcode secret secrets private login logon signin
signon welcome enter entry access allow letmein letme openup open sesame opensesame default changeme
change changeit newpass newpassword mypass mypassword thepassword guest user username admin
administrator root toor super superuser system server test testing tester testtest temp temporary
demo sample example account security secure safe locked unlock computer internet network windows
microsoft apple google android samsung nokia facebook twitter instagram youtube linkedin amazon
whatever nothing something anything forgot forget forgotten remember nopass nopassword blank
trustno trustnoone trustme master mastermind backup database oracle cisco linux ubuntu debian
office work company business manager support service helpdesk public website forum comment
"""

_KEYS = "qwerty qwertz azerty qwert asdf asdfgh zxcv zxcvbn qazwsx wasd dvorak keyboard"

_LOVE = """
love lover lovely loveme loveyou iloveyou ilovegod iloveu ihateyou hateyou iloveme jetaime tequiero
teamo tiamo ichliebedich babe baby babygirl babyboy babydoll sweet sweety sweetie sweetheart honey
darling sugar candy cutie cute beautiful pretty gorgeous handsome angel angels princess princesa
prince queen king kitten kitty kisses kissme heart hearts forever always together family mother
father mommy daddy mama papa sister brother friend friends bestfriend bestfriends lovers marriage
husband wife girlfriend boyfriend mylove mybaby mylife myself smile happy happiness lucky blessed
"""

_ANIMALS = """
dragon dragons monkey tiger tigers lion lions panther panthers eagle eagles falcon falcons hawk wolf
wolves bear bears bulldog bulldogs puppy doggy doggie dolphin dolphins butterfly bunny rabbit turtle
chicken horse horses pony cowboy cowboys cobra snake spider scorpion shark sharks penguin panda
peanut pumpkin hamster snoopy garfield mickey minnie tweety bambi nemo simba pikachu pokemon
"""

_GAMES = """
football soccer baseball basketball hockey tennis golf golfer boxing rugby cricket hunting hunter
fishing fisher skater skateboard snowboard surfing surfer runner swimming swimmer racing racer
champion champions winner player gamer gaming minecraft fortnite roblox warcraft starcraft zelda
mario sonic tetris counter playstation nintendo xbox liverpool chelsea arsenal barcelona juventus
realmadrid manchester united everton celtic rangers yankees redsox lakers steelers packers raiders
broncos patriots giants dodgers dallas chicago boston london paris berlin madrid america england
canada brasil brazil mexico texas california florida newyork australia deutschland france germany
"""

_HEROES = """
superman batman spiderman ironman hulk wolverine avenger avengers captain joker robin starwars
startrek skywalker yoda jedi vader matrix neo gandalf frodo hobbit harrypotter potter hogwarts
merlin wizard magic magical mystic phoenix legend warrior knight samurai ninja pirate pirates ranger
killer destroyer terminator predator alien aliens vampire zombie devil demon satan lucifer hell
heaven jesus christ jesuschrist godisgood blessing faith hope grace glory spirit angelina marlboro
metallica slipknot nirvana eminem beatles elvis madonna rockstar rocknroll guitar music musica
piano drummer dancer dance hiphop blink greenday linkinpark
"""

_SEASONS = """
summer winter spring autumn sunshine sunflower sunday monday tuesday wednesday thursday friday
saturday january february march april june july august september october november december holiday
christmas xmas easter halloween birthday morning midnight moonlight moon star stars rainbow thunder
lightning storm hurricane tornado snow snowball snowman ocean river beach island mountain forest
flower flowers rose roses daisy lily violet jasmine tulip orchid cherry banana orange apple lemon
strawberry blueberry chocolate cookie cookies coffee pepper ginger cinnamon vanilla cheese pizza
burger bacon butter potato tomato beer whiskey vodka tequila jackdaniels corona heineken budweiser
purple yellow black white green blue silver golden gold diamond crystal pearl ruby scarlet
"""

_MACHINES = """
mustang corvette camaro ferrari porsche mercedes chevy chevrolet toyota honda nissan subaru yamaha
harley davidson harleydavidson kawasaki suzuki ducati jaguar bentley maserati lamborghini viper
truck trucks turbo diesel racecar engine rocket rockets apollo challenger maverick phantom shadow
stealth raptor blazer explorer scooter trucker marine marines soldier army navy airforce sniper
police firefighter fireman
"""

_ROUGH = """
fuck fuckyou fuckoff fucker fuckme shit bullshit asshole bitch bitches bastard sexy sexsex hottie
stupid idiot loser hater biteme suckit screwyou goaway getout
"""

_NAMES = """
michael michelle jennifer jessica ashley amanda nicole daniel daniela danielle andrew andrea anthony
antonio joshua matthew christopher christian christina christine jordan justin robert roberto
william thomas richard charles charlie joseph jonathan nathan nicholas nicolas samantha stephanie
elizabeth rebecca vanessa veronica victoria alexander alexandra alexandre alejandra alejandro
alexis brandon brandy brittany cameron caroline carolina cassandra catherine katherine chelsey
claudia courtney crystal cynthia dakota david dennis diamond dominic donald edward eduardo emily
fernando francis francisco frank gabriel gabriela gabrielle george gregory hannah heather isabella
jackson jacob james jason jasper jeffrey jeremy johnny johnson jonas julian juliana karen kathleen
kevin kimberly larry laura lauren leonardo lindsay linda lorenzo louise lucas madison marcus
margaret maria mariana martin martina marvin mary melissa miguel miranda molly monica morgan murphy
natalia
natalie natasha oliver olivia oscar pamela patricia patrick paul peter philip phillip rachel ramirez
raymond ricardo rodriguez ronald ronaldo messi russell sabrina sandra sara sarah savannah scott
sebastian sergio shannon sharon sophia sophie spencer stella steven stewart stephen susan sydney
sylvia tamara taylor teresa theresa tiffany tigger timothy tommy tyler valentina vincent virginia
walter wilson winston yolanda zachary buddy bailey bandit buster cooper duke lucky maggie max
princess rocky sadie sammy scooby shadow smokey sparky teddy zeus
"""

COMMON_WORDS = frozenset(
    " ".join(
        (
            _SIGNS_OF_THE_DOOR,
            _KEYS,
            _LOVE,
            _ANIMALS,
            _GAMES,
            _HEROES,
            _SEASONS,
            _MACHINES,
            _ROUGH,
            _NAMES,
        )
    ).split()
)
"""In lower case, without spaces or signs."""
