"""The words and key runs that common passwords are built from. Not a list of passwords: passwords.py strips a password
of its digits, signs and look-alike letters first, so each word here stands for hundreds of them."""

from __future__ import annotations

_WORDS = """
    password passwort passwd pass passcode passphrase contrasena motdepasse senha parola heslo haslo wachtwoord
    login logon signin access letmein letmeinplease openup opensesame welcome hello hellohello hallo bonjour hola ciao
    admin administrator administrador root superuser superadmin sysadmin system server guest user username test testing
    tester testtest demo default changeme changeit changethis secret topsecret mysecret private temporary temppass
    iloveyou ilovey iloveu loveyou lovely lover loveme lovelove mylove love forever babygirl babyboy baby sweetheart
    sweety sweetie darling honey princess princesa queen prince king angel angels heaven sunshine moonlight starlight
    flower butterfly rainbow summer winter spring autumn january february march april june july august september
    october november december monday tuesday wednesday thursday friday saturday sunday weekend
    monkey dragon tiger lion eagle falcon panther cheetah bear wolf wolves dolphin dolphins turtle rabbit bunny kitty
    kitten puppy doggy horse pony chicken donkey elephant penguin shadow phoenix unicorn
    football soccer baseball basketball hockey tennis golf volleyball swimming running runner champion winner
    arsenal chelsea liverpool manchester barcelona realmadrid juventus milan bayern dortmund yankees lakers cowboys
    steelers eagles patriots packers raiders giants broncos redskins rangers braves dodgers redsox
    superman batman spiderman ironman wolverine deadpool captain avengers starwars skywalker darthvader jedi yoda
    harrypotter hogwarts gandalf frodo matrix neo trinity terminator predator godzilla pokemon pikachu naruto sasuke
    goku minecraft fortnite roblox warcraft starcraft counterstrike callofduty playstation nintendo mario zelda xbox
    michael michelle jennifer jessica ashley amanda daniel andrew joshua matthew anthony robert thomas charlie jordan
    george william richard james john david joseph christopher nicholas nicole samantha elizabeth stephanie melissa
    patrick alexander alexandra alexis justin brandon taylor tyler hunter austin dallas madison hannah sophie maggie
    ginger pepper buster bailey cookie chocolate banana orange apple cherry strawberry peaches pumpkin cheese butter
    coffee whiskey vodka beer pizza burger sugar candy
    mustang corvette camaro ferrari porsche mercedes bmw audi toyota honda harley yamaha suzuki kawasaki nissan
    america american england london paris berlin germany france espana mexico brasil canada australia india pakistan
    newyork california texas florida chicago boston tokyo
    computer internet windows microsoft google facebook instagram whatsapp telegram signal twitter youtube amazon
    android iphone samsung nokia motorola linux ubuntu github database network security hacker hacked cyber
    qwerty qwertz azerty asdf asdfgh zxcvbn zxcvbnm poiuyt lkjhgf mnbvcxz qazwsx qazwsxedc wsxedc edcrfv asdfjkl
    trustno whatever nothing something anything everything fuckyou fuckoff fuckme asshole bitch pussy dick sexy sexsex
    money dollar rich power freedom liberty peace happy smile lucky luckyone destiny faith jesus jesuschrist christ god
    blessed church allah bismillah family mother father sister brother mommy daddy mama papa friend friends bestfriend
    school college student teacher doctor nurse police soldier army marine navy airforce ninja samurai pirate
    metallica nirvana slipknot eminem rockstar rocknroll guitar music dance dancer hiphop
    killer master legend hero magic wizard ghost demon devil lucifer satan zombie vampire
    parley chat message messenger
"""
WORDS = frozenset(_WORDS.split())

RUNS = (
    "01234567890123456789",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertzuiopasdfghjklyxcvbnm",
    "azertyuiopqsdfghjklmwxcvbn",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "q1w2e3r4t5y6u7i8o9p0",
    "1q2w3e4r5t6y7u8i9o0p",
    "a1b2c3d4e5f6g7h8i9j0",
    "1a2b3c4d5e6f7g8h9i0j",
    "147258369",
    "123321",
    "!@#$%^&*()_+",
)
"""Keys side by side and other orders; any stretch of one, forwards or backwards, is a common password."""
